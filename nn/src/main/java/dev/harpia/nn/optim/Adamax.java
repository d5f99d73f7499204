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
 * Adam with the infinity norm (Kingma, Ba 2015, section 7.1), as PyTorch's: {@code g ← g + λp; m ←
 * β₁m + (1−β₁)g; u ← max(β₂u, |g| + ε); p ← p − rate/(1−β₁ᵗ)·m/u}. States: {@code exp_avg}, {@code
 * exp_inf}.
 */
public final class Adamax extends Optimizer {
  // coefficients: 0 decay, 1 (1−β₁), 2 β₂, 3 ε, 4 the length of the step
  private static final Expr DECAYED = PARAMETER.fma(coefficient(0), GRADIENT);
  private static final Expr MOMENT = towards(kept(0), DECAYED, coefficient(1));
  private static final Expr NORM =
      kept(1).mul(coefficient(2)).max(DECAYED.abs().add(coefficient(3)));
  private static final UpdateKernel KERNEL =
      UpdateKernel.compile(
          "adamax",
          PARAMETER,
          PARAMETER.sub(MOMENT.mul(coefficient(4)).div(NORM)),
          kept(0),
          MOMENT,
          kept(1),
          NORM);

  private double beta1 = 0.9;
  private double beta2 = 0.999;
  private double epsilon = 1e-8;

  /** β = (0.9, 0.999), ε = 1e-8, no decay. */
  public Adamax(List<Parameter> parameters, double rate) {
    this(parameters, Schedule.constant(rate));
  }

  /** β = (0.9, 0.999), ε = 1e-8, no decay. */
  public Adamax(List<Parameter> parameters, Schedule rate) {
    super(parameters, rate);
  }

  /** β₁ and β₂, the decay rates of the moment and of the norm. */
  public Adamax betas(double beta1, double beta2) {
    this.beta1 = fraction("beta1", beta1);
    this.beta2 = fraction("beta2", beta2);
    return this;
  }

  /** ε, which keeps the divisor from zero. */
  public Adamax epsilon(double epsilon) {
    this.epsilon = atLeastZero("epsilon", epsilon);
    return this;
  }

  @Override
  protected List<String> stateNames() {
    return List.of("exp_avg", "exp_inf");
  }

  @Override
  protected void update(Update u) {
    double length = u.rate() / (1 - Math.pow(beta1, u.step()));
    u.run(KERNEL, u.decay(), 1 - beta1, beta2, epsilon, length);
  }
}
