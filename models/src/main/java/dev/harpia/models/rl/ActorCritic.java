package dev.harpia.models.rl;

import dev.harpia.nn.Activation;
import dev.harpia.nn.Init;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Linear;
import dev.harpia.nn.Sequential;
import dev.harpia.tensor.Tensor;

/**
 * A policy and a value function, two networks of two hidden tanh layers with orthogonal weights.
 *
 * <p>Shapes: observations [N, D] to [N, K + 1]: the policy's K outputs, then the value.
 */
public final class ActorCritic extends Layer {
  private static final int HIDDEN = 64;

  private final Sequential policy;
  private final Sequential value;
  private final Tensor logStd;

  /** A policy of {@code outputs} numbers; its deviations, if any, start from {@code logStd}. */
  public ActorCritic(int observationSize, int outputs, float logStd) {
    policy = layer("policy", tower(observationSize, outputs, 0.01f));
    value = layer("value", tower(observationSize, 1, 1));
    this.logStd = parameter("log_std", Tensor.full(logStd, outputs));
  }

  private static Sequential tower(int in, int out, float gain) {
    float hidden = (float) Math.sqrt(2);
    return new Sequential(
        orthogonal(new Linear(in, HIDDEN), hidden),
        Activation.tanh(),
        orthogonal(new Linear(HIDDEN, HIDDEN), hidden),
        Activation.tanh(),
        orthogonal(new Linear(HIDDEN, out), gain)); // a small gain: all actions alike at first
  }

  private static Linear orthogonal(Linear linear, float gain) {
    Tensor w = linear.weight();
    w.copyFrom(Init.orthogonal(gain, w.dim(0), w.dim(1)));
    Tensor bias = linear.state().get("bias");
    if (bias != null) {
      bias.copyFrom(Tensor.zeros(bias.shape()));
    }
    return linear;
  }

  /** The policy's outputs, [N, K]. */
  Tensor policy(Tensor x) {
    return policy.forward(x);
  }

  /** The states' values, [N]. */
  Tensor value(Tensor x) {
    return value.forward(x).squeeze(1);
  }

  /** The logarithms of the standard deviations, [K]. */
  Tensor logStd() {
    return logStd;
  }

  @Override
  public Tensor forward(Tensor x) {
    return Tensor.concat(1, policy.forward(x), value.forward(x));
  }
}
