package dev.harpia.nn.optim;

import static dev.harpia.tensor.Expr.p;
import static dev.harpia.tensor.Expr.x;

import dev.harpia.nn.Parameter;
import dev.harpia.simd.Kernel;
import dev.harpia.tensor.Tensor;
import java.util.List;

/**
 * Adam with decoupled weight decay (Loshchilov, Hutter 2019): {@code p ← p − rate·λ·p}, and the
 * gradient stays as it is.
 */
public final class AdamW extends Optimizer {
  private static final Kernel KERNEL =
      AdamKernel.compile("adamW", x(1).mul(p(0)), x(0).fma(p(2).neg(), x(0)));
  private final AdamKernel.Settings settings;

  /** β = (0.9, 0.999), ε = 1e-8, λ = 0.01. */
  public AdamW(List<Parameter> parameters, double rate) {
    this(parameters, Schedule.constant(rate));
  }

  /** β = (0.9, 0.999), ε = 1e-8, λ = 0.01. */
  public AdamW(List<Parameter> parameters, Schedule rate) {
    this(parameters, rate, 0.9, 0.999, 1e-8, 0.01f);
  }

  /** All settings. */
  public AdamW(
      List<Parameter> parameters,
      Schedule rate,
      double beta1,
      double beta2,
      double epsilon,
      float decay) {
    super(parameters, rate, decay, "exp_avg", "exp_avg_sq");
    settings = new AdamKernel.Settings(beta1, beta2, epsilon);
  }

  @Override
  void update(Slot s, Tensor g, float scale, double rate, long t) {
    settings.run(KERNEL, s, g, scale, (float) (rate * s.decay), rate, t);
  }
}
