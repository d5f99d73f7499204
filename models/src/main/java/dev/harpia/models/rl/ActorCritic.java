package dev.harpia.models.rl;

import dev.harpia.nn.Activation;
import dev.harpia.nn.Conv2d;
import dev.harpia.nn.Flatten;
import dev.harpia.nn.Init;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Linear;
import dev.harpia.nn.Sequential;
import dev.harpia.tensor.Tensor;

/**
 * A policy and a value function, two networks that share nothing: of two hidden tanh layers, or,
 * for pictures, of a convolution and a hidden layer; with orthogonal weights.
 *
 * <p>Shapes: observations [N, D] to [N, K + 1]: the policy's K outputs, then the value.
 */
public final class ActorCritic extends Layer {
  private static final int HIDDEN = 64;
  private static final int FILTERS = 8;
  private static final int KERNEL = 8;
  private static final int STRIDE = 4;

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

  /** Two networks, of any kind, from observations to K numbers and to one. */
  private ActorCritic(Sequential policy, Sequential value, int outputs) {
    this.policy = layer("policy", policy);
    this.value = layer("value", value);
    logStd = parameter("log_std", Tensor.zeros(outputs));
  }

  /** For pictures of {@code channels} planes of side × side numbers, one after the other. */
  static ActorCritic ofPictures(int channels, int side, int outputs) {
    return new ActorCritic(
        pictureTower(channels, side, outputs, 0.01f), pictureTower(channels, side, 1, 1), outputs);
  }

  private static Sequential pictureTower(int channels, int side, int out, float gain) {
    float hidden = (float) Math.sqrt(2);
    int places = (side - KERNEL) / STRIDE + 1;
    Conv2d conv = new Conv2d(channels, FILTERS, KERNEL, STRIDE, 0);
    // few of a picture's numbers differ from 0: larger weights make up for it
    Tensor first = Init.orthogonal(3 * hidden, FILTERS, channels * KERNEL * KERNEL);
    conv.parameters().getFirst().value().copyFrom(first.reshape(FILTERS, channels, KERNEL, KERNEL));
    return new Sequential(
        new Planes(channels, side),
        conv,
        Activation.relu(),
        new Flatten(),
        orthogonal(new Linear(FILTERS * places * places, HIDDEN), hidden),
        Activation.tanh(),
        orthogonal(new Linear(HIDDEN, out), gain));
  }

  /** [N, C·S·S] to [N, C, S, S]. */
  private static final class Planes extends Layer {
    private final int channels;
    private final int side;

    private Planes(int channels, int side) {
      this.channels = channels;
      this.side = side;
    }

    @Override
    public Tensor forward(Tensor x) {
      return x.reshape(-1, channels, side, side);
    }
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
