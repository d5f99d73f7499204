package dev.harpia.nn.optim;

import static dev.harpia.nn.optim.UpdateKernel.PARAMETER;

import dev.harpia.nn.Parameter;
import java.util.List;

/**
 * Adam (Kingma, Ba 2015), as PyTorch's: {@code g ← g + λp; m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; p
 * ← p − rate·m̂/(√v̂ + ε)}, with m̂ = m/(1−β₁ᵗ) and v̂ = v/(1−β₂ᵗ). States: {@code exp_avg}, {@code
 * exp_avg_sq}.
 */
public final class Adam extends AdamFamily {
  private static final UpdateKernel KERNEL = kernel("adam", COUPLED, PARAMETER);
  private static final UpdateKernel AMSGRAD = amsgradKernel("adamAmsgrad", COUPLED);
  private boolean amsgrad;

  /** β = (0.9, 0.999), ε = 1e-8, no decay. */
  public Adam(List<Parameter> parameters, double rate) {
    this(parameters, Schedule.constant(rate));
  }

  /** β = (0.9, 0.999), ε = 1e-8, no decay. */
  public Adam(List<Parameter> parameters, Schedule rate) {
    super(parameters, rate);
  }

  /** β₁ and β₂, the decay rates of the moments. */
  public Adam betas(double beta1, double beta2) {
    setBetas(beta1, beta2);
    return this;
  }

  /** ε, which keeps the divisor from zero. */
  public Adam epsilon(double epsilon) {
    setEpsilon(epsilon);
    return this;
  }

  /**
   * Divides by the largest second moment so far (Reddi, Kale, Kumar 2018). State: {@code
   * max_exp_avg_sq} too.
   */
  public Adam amsgrad() {
    unstarted("amsgrad");
    amsgrad = true;
    return this;
  }

  @Override
  protected List<String> stateNames() {
    return amsgrad ? List.of("exp_avg", "exp_avg_sq", "max_exp_avg_sq") : super.stateNames();
  }

  @Override
  protected void update(Update u) {
    if (amsgrad) {
      adam(u, AMSGRAD, u.decay());
      amsgradMove(u, 0);
    } else {
      adam(u, KERNEL, u.decay());
    }
  }
}
