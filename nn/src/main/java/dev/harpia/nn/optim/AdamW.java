package dev.harpia.nn.optim;

import static dev.harpia.nn.optim.UpdateKernel.GRADIENT;

import dev.harpia.nn.Parameter;
import java.util.List;

/**
 * Adam with decoupled weight decay (Loshchilov, Hutter 2019): {@code p ← p − rate·λ·p}, and the
 * gradient stays as it is; otherwise as {@link Adam}.
 */
public final class AdamW extends AdamFamily {
  private static final UpdateKernel KERNEL = kernel("adamW", GRADIENT, SHRUNK);
  private static final UpdateKernel AMSGRAD = amsgradKernel("adamWAmsgrad", GRADIENT);
  private boolean amsgrad;

  /** β = (0.9, 0.999), ε = 1e-8, λ = 0.01. */
  public AdamW(List<Parameter> parameters, double rate) {
    this(parameters, Schedule.constant(rate));
  }

  /** β = (0.9, 0.999), ε = 1e-8, λ = 0.01. */
  public AdamW(List<Parameter> parameters, Schedule rate) {
    super(parameters, rate);
    decay(0.01);
  }

  /** β₁ and β₂, the decay rates of the moments. */
  public AdamW betas(double beta1, double beta2) {
    setBetas(beta1, beta2);
    return this;
  }

  /** ε, which keeps the divisor from zero. */
  public AdamW epsilon(double epsilon) {
    setEpsilon(epsilon);
    return this;
  }

  /**
   * Divides by the largest second moment so far (Reddi, Kale, Kumar 2018). State: {@code
   * max_exp_avg_sq} too.
   */
  public AdamW amsgrad() {
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
    double decay = u.rate() * u.decay();
    if (amsgrad) {
      adam(u, AMSGRAD, decay);
      amsgradMove(u, decay);
    } else {
      adam(u, KERNEL, decay);
    }
  }
}
