package dev.harpia.nn.optim;

import static dev.harpia.nn.optim.UpdateKernel.PARAMETER;
import static dev.harpia.nn.optim.UpdateKernel.coefficient;
import static dev.harpia.nn.optim.UpdateKernel.kept;

import dev.harpia.nn.Parameter;
import java.util.List;

/**
 * Rectified Adam (Liu et al. 2020), as PyTorch's: with ρ∞ = 2/(1−β₂) − 1 and ρ = ρ∞ −
 * 2tβ₂ᵗ/(1−β₂ᵗ), {@code p ← p − rate·m̂·r·√(1−β₂ᵗ)/(√v + ε)}, r² = (ρ−4)(ρ−2)ρ∞/((ρ∞−4)(ρ∞−2)ρ),
 * where ρ > 5; before that {@code p ← p − rate·m̂}. Moments and decay are {@link Adam}'s.
 */
public final class RAdam extends AdamFamily {
  private static final UpdateKernel KERNEL = kernel("adam", COUPLED, PARAMETER);
  private static final UpdateKernel UNRECTIFIED =
      UpdateKernel.compile(
          "radamUnrectified",
          PARAMETER,
          firstMoment(COUPLED).fma(coefficient(4).neg(), PARAMETER),
          kept(0),
          firstMoment(COUPLED),
          kept(1),
          secondMoment(COUPLED));

  /** β = (0.9, 0.999), ε = 1e-8, no decay. */
  public RAdam(List<Parameter> parameters, double rate) {
    this(parameters, Schedule.constant(rate));
  }

  /** β = (0.9, 0.999), ε = 1e-8, no decay. */
  public RAdam(List<Parameter> parameters, Schedule rate) {
    super(parameters, rate);
  }

  /** β₁ and β₂, the decay rates of the moments. */
  public RAdam betas(double beta1, double beta2) {
    setBetas(beta1, beta2);
    return this;
  }

  /** ε, which keeps the divisor from zero. */
  public RAdam epsilon(double epsilon) {
    setEpsilon(epsilon);
    return this;
  }

  @Override
  protected void update(Update u) {
    int t = u.step();
    double power = Math.pow(beta2, t);
    double most = 2 / (1 - beta2) - 1;
    double rho = most - 2 * t * power / (1 - power);
    double length = u.rate() / (1 - Math.pow(beta1, t));
    if (rho > 5) {
      double r = (rho - 4) * (rho - 2) * most / ((most - 4) * (most - 2) * rho);
      length *= Math.sqrt(r * (1 - power));
    }
    u.run(rho > 5 ? KERNEL : UNRECTIFIED, u.decay(), 1 - beta1, 1 - beta2, epsilon, length);
  }
}
