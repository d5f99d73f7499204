package dev.harpia.nn.optim;

import static dev.harpia.tensor.Expr.p;
import static dev.harpia.tensor.Expr.x;

import dev.harpia.nn.Parameter;
import dev.harpia.simd.Kernel;
import dev.harpia.tensor.Tensor;
import java.util.List;

/**
 * Adam (Kingma, Ba 2015), as PyTorch's: {@code g ← g + λp; m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; p
 * ← p − rate·m̂/(√v̂ + ε)}, with m̂ = m/(1−β₁ᵗ) and v̂ = v/(1−β₂ᵗ).
 */
public final class Adam extends Optimizer {
  private static final Kernel KERNEL =
      AdamKernel.compile("adam", x(0).fma(p(2), x(1).mul(p(0))), x(0));
  private final AdamKernel.Settings settings;

  /** β = (0.9, 0.999), ε = 1e-8. */
  public Adam(List<Parameter> parameters, double rate) {
    this(parameters, Schedule.constant(rate));
  }

  /** β = (0.9, 0.999), ε = 1e-8. */
  public Adam(List<Parameter> parameters, Schedule rate) {
    this(parameters, rate, 0.9, 0.999, 1e-8, 0);
  }

  /** All settings; {@code decay} is added to the gradient. */
  public Adam(
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
    settings.run(KERNEL, s, g, scale, s.decay, rate, t);
  }
}
