package dev.harpia.nn.optim;

import static dev.harpia.tensor.Expr.p;
import static dev.harpia.tensor.Expr.x;

import dev.harpia.nn.Parameter;
import dev.harpia.simd.Kernel;
import dev.harpia.tensor.Expr;
import dev.harpia.tensor.Tensor;
import java.util.List;

/**
 * Stochastic gradient descent, as PyTorch's: {@code g ← g + λp; v ← μv + (1−τ)g (v ← g at first); d
 * ← g + μv (Nesterov), v (momentum) or g; p ← p − rate·d}.
 */
public final class SGD extends Optimizer {
  private static final Expr GRADIENT = x(0).fma(p(2), x(1).mul(p(0)));
  private static final Expr VELOCITY = x(2).mul(p(3)).add(GRADIENT.mul(p(4)));
  private static final Kernel PLAIN = UpdateKernels.compile("sgd", GRADIENT.fma(p(1).neg(), x(0)));
  private static final Kernel MOMENTUM =
      UpdateKernels.compile("sgdMomentum", VELOCITY.fma(p(1).neg(), x(0)), VELOCITY);
  private static final Kernel NESTEROV =
      UpdateKernels.compile(
          "sgdNesterov", VELOCITY.fma(p(5), GRADIENT).fma(p(1).neg(), x(0)), VELOCITY);

  private final float momentum;
  private final float dampening;
  private final boolean nesterov;

  /** Plain descent. */
  public SGD(List<Parameter> parameters, double rate) {
    this(parameters, Schedule.constant(rate));
  }

  /** Plain descent. */
  public SGD(List<Parameter> parameters, Schedule rate) {
    this(parameters, rate, 0, 0, false, 0);
  }

  /** Descent with momentum. */
  public SGD(
      List<Parameter> parameters,
      Schedule rate,
      float momentum,
      float dampening,
      boolean nesterov,
      float decay) {
    super(
        parameters, rate, decay, momentum == 0 ? new String[0] : new String[] {"momentum_buffer"});
    if (!(momentum >= 0) || nesterov && (momentum == 0 || dampening != 0)) {
      throw new IllegalArgumentException(
          "sgd: momentum "
              + momentum
              + ", dampening "
              + dampening
              + ": momentum must be at least 0, and Nesterov's takes a positive momentum and no"
              + " dampening");
    }
    this.momentum = momentum;
    this.dampening = dampening;
    this.nesterov = nesterov;
  }

  @Override
  void update(Slot s, Tensor g, float scale, double rate, long t) {
    float fresh = t == 1 ? 1 : 1 - dampening;
    float kept = t == 1 ? 0 : momentum;
    Kernel k = momentum == 0 ? PLAIN : nesterov ? NESTEROV : MOMENTUM;
    run(k, s, g, scale, (float) rate, s.decay, kept, fresh, momentum, 0, 0);
  }
}
