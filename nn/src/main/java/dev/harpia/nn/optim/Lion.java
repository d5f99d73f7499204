package dev.harpia.nn.optim;

import static dev.harpia.nn.optim.UpdateKernel.GRADIENT;
import static dev.harpia.nn.optim.UpdateKernel.PARAMETER;
import static dev.harpia.nn.optim.UpdateKernel.coefficient;
import static dev.harpia.nn.optim.UpdateKernel.kept;
import static dev.harpia.nn.optim.UpdateKernel.towards;

import dev.harpia.nn.Parameter;
import dev.harpia.tensor.Expr;
import java.util.List;

/**
 * Lion (Chen et al. 2023): {@code p ← p − rate·λ·p − rate·sign(β₁m + (1−β₁)g); m ← β₂m + (1−β₂)g}.
 * Its steps all have one length, so rates are three to ten times smaller than Adam's. State: {@code
 * exp_avg}.
 */
public final class Lion extends Optimizer {
  // coefficients: 0 rate·decay, 1 (1−β₁), 2 (1−β₂), 3 rate
  private static final Expr DIRECTION = towards(kept(0), GRADIENT, coefficient(1)).sign();
  private static final UpdateKernel KERNEL =
      UpdateKernel.compile(
          "lion",
          PARAMETER,
          DIRECTION.fma(coefficient(3).neg(), coefficient(0).neg().fma(PARAMETER, PARAMETER)),
          kept(0),
          towards(kept(0), GRADIENT, coefficient(2)));

  private double beta1 = 0.9;
  private double beta2 = 0.99;

  /** β = (0.9, 0.99), no decay. */
  public Lion(List<Parameter> parameters, double rate) {
    this(parameters, Schedule.constant(rate));
  }

  /** β = (0.9, 0.99), no decay. */
  public Lion(List<Parameter> parameters, Schedule rate) {
    super(parameters, rate);
  }

  /** β₁ of the direction and β₂ of what is remembered. */
  public Lion betas(double beta1, double beta2) {
    this.beta1 = fraction("beta1", beta1);
    this.beta2 = fraction("beta2", beta2);
    return this;
  }

  @Override
  protected List<String> stateNames() {
    return List.of("exp_avg");
  }

  @Override
  protected void update(Update u) {
    u.run(KERNEL, u.rate() * u.decay(), 1 - beta1, 1 - beta2, u.rate());
  }
}
