package dev.harpia.nn.optim;

import static dev.harpia.nn.optim.UpdateKernel.GRADIENT;
import static dev.harpia.nn.optim.UpdateKernel.PARAMETER;
import static dev.harpia.nn.optim.UpdateKernel.coefficient;
import static dev.harpia.nn.optim.UpdateKernel.kept;

import dev.harpia.nn.Parameter;
import dev.harpia.tensor.Expr;
import java.util.List;

/**
 * Adagrad (Duchi, Hazan, Singer 2011), as PyTorch's: {@code g ← g + λp; s ← s + g²; p ← p − rate/(1
 * + (t−1)η)·g/(√s + ε)}. State: {@code sum}.
 */
public final class Adagrad extends Optimizer {
  // coefficients: 0 decay, 1 ε, 2 rate
  private static final Expr DECAYED = PARAMETER.fma(coefficient(0), GRADIENT);
  private static final Expr SUM = DECAYED.fma(DECAYED, kept(0));
  private static final UpdateKernel KERNEL =
      UpdateKernel.compile(
          "adagrad",
          PARAMETER,
          PARAMETER.sub(DECAYED.mul(coefficient(2)).div(SUM.sqrt().add(coefficient(1)))),
          kept(0),
          SUM);

  private double rateDecay;
  private double initialSum;
  private double epsilon = 1e-10;

  /** η = 0, s = 0 at first, ε = 1e-10, no decay. */
  public Adagrad(List<Parameter> parameters, double rate) {
    this(parameters, Schedule.constant(rate));
  }

  /** η = 0, s = 0 at first, ε = 1e-10, no decay. */
  public Adagrad(List<Parameter> parameters, Schedule rate) {
    super(parameters, rate);
  }

  /** η, which makes the rate fall with the steps. */
  public Adagrad rateDecay(double eta) {
    rateDecay = atLeastZero("rate decay", eta);
    return this;
  }

  /** The value of {@code sum} before the first step. */
  public Adagrad initialSum(double sum) {
    initialSum = atLeastZero("initial sum", sum);
    return this;
  }

  /** ε, which keeps the divisor from zero. */
  public Adagrad epsilon(double epsilon) {
    this.epsilon = atLeastZero("epsilon", epsilon);
    return this;
  }

  @Override
  protected List<String> stateNames() {
    return List.of("sum");
  }

  @Override
  protected double initial(int state, double rate) {
    return initialSum;
  }

  @Override
  protected void update(Update u) {
    u.run(KERNEL, u.decay(), epsilon, u.rate() / (1 + (u.step() - 1) * rateDecay));
  }
}
