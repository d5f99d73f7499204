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
 * Adadelta (Zeiler 2012), as PyTorch's: {@code g ← g + λp; s ← ρs + (1−ρ)g²; d ← √(a + ε)/√(s +
 * ε)·g; a ← ρa + (1−ρ)d²; p ← p − rate·d}. States: {@code square_avg}, {@code acc_delta}.
 */
public final class Adadelta extends Optimizer {
  // coefficients: 0 decay, 1 (1−ρ), 2 ε, 3 rate
  private static final Expr DECAYED = PARAMETER.fma(coefficient(0), GRADIENT);
  private static final Expr SQUARES = towards(kept(0), DECAYED.square(), coefficient(1));
  private static final Expr DELTA =
      kept(1).add(coefficient(2)).sqrt().div(SQUARES.add(coefficient(2)).sqrt()).mul(DECAYED);
  private static final UpdateKernel KERNEL =
      UpdateKernel.compile(
          "adadelta",
          PARAMETER,
          DELTA.fma(coefficient(3).neg(), PARAMETER),
          kept(0),
          SQUARES,
          kept(1),
          towards(kept(1), DELTA.square(), coefficient(1)));

  private double rho = 0.9;
  private double epsilon = 1e-6;

  /** ρ = 0.9, ε = 1e-6, no decay; the usual rate is 1. */
  public Adadelta(List<Parameter> parameters, double rate) {
    this(parameters, Schedule.constant(rate));
  }

  /** ρ = 0.9, ε = 1e-6, no decay; the usual rate is 1. */
  public Adadelta(List<Parameter> parameters, Schedule rate) {
    super(parameters, rate);
  }

  /** ρ, what is kept of the mean squares. */
  public Adadelta rho(double rho) {
    this.rho = fraction("rho", rho);
    return this;
  }

  /** ε, which lets it begin, and keeps the divisor from zero. */
  public Adadelta epsilon(double epsilon) {
    this.epsilon = atLeastZero("epsilon", epsilon);
    return this;
  }

  @Override
  protected List<String> stateNames() {
    return List.of("square_avg", "acc_delta");
  }

  @Override
  protected void update(Update u) {
    u.run(KERNEL, u.decay(), 1 - rho, epsilon, u.rate());
  }
}
