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
 * Averaged stochastic gradient descent (Polyak, Juditsky 1992), as PyTorch's: {@code g ← g + wp; p
 * ← p·(1 − λη) − η·g; a ← a + μ(p − a)}, with η = rate/(1 + λ·rate·(t−1))^α and μ = 1/max(1, t − 1
 * − t₀), w the weight decay. State: the average {@code ax}, which is the result to use.
 */
public final class ASGD extends Optimizer {
  // coefficients: 0 decay, 1 λη, 2 η, 3 μ
  private static final Expr DECAYED = PARAMETER.fma(coefficient(0), GRADIENT);
  private static final Expr MOVED =
      DECAYED.fma(coefficient(2).neg(), coefficient(1).neg().fma(PARAMETER, PARAMETER));
  private static final UpdateKernel KERNEL =
      UpdateKernel.compile(
          "asgd", PARAMETER, MOVED, kept(0), towards(kept(0), MOVED, coefficient(3)));

  private double lambda = 1e-4;
  private double alpha = 0.75;
  private double start = 1e6;

  /** λ = 1e-4, α = 0.75, t₀ = 1e6, no decay. */
  public ASGD(List<Parameter> parameters, double rate) {
    this(parameters, Schedule.constant(rate));
  }

  /** λ = 1e-4, α = 0.75, t₀ = 1e6, no decay. */
  public ASGD(List<Parameter> parameters, Schedule rate) {
    super(parameters, rate);
  }

  /** λ, the decay that the paper's problem has, and the exponent α of the rate's fall. */
  public ASGD fall(double lambda, double alpha) {
    this.lambda = atLeastZero("lambda", lambda);
    this.alpha = atLeastZero("alpha", alpha);
    return this;
  }

  /** t₀, the step after which the parameters are averaged; before it the average is the last. */
  public ASGD averageAfter(double step) {
    start = atLeastZero("start of the average", step);
    return this;
  }

  @Override
  protected List<String> stateNames() {
    return List.of("ax");
  }

  @Override
  protected void update(Update u) {
    int before = u.step() - 1;
    double eta = u.rate() / Math.pow(1 + lambda * u.rate() * before, alpha);
    u.run(KERNEL, u.decay(), lambda * eta, eta, 1 / Math.max(1, before - start));
  }
}
