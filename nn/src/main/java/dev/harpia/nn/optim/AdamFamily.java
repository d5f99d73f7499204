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
 * What Adam and its relatives share: first and second moments of the gradient, {@code m ← β₁m +
 * (1−β₁)g} and {@code v ← β₂v + (1−β₂)g²}, and what divides by √v.
 */
abstract sealed class AdamFamily extends Optimizer permits Adam, AdamW, NAdam, RAdam {
  // coefficients: 0 decay, 1 (1−β₁), 2 (1−β₂), 3 ε, 4 the length of the step
  static final Expr COUPLED = PARAMETER.fma(coefficient(0), GRADIENT);
  static final Expr SHRUNK = coefficient(0).neg().fma(PARAMETER, PARAMETER);
  private static final Expr EPSILON = coefficient(3);
  private static final Expr LENGTH = coefficient(4);

  /** The second kernel of AMSGrad: p ← shrunk(p) − length·m/(√max v + ε). */
  static final UpdateKernel AMSGRAD_MOVE =
      UpdateKernel.compile(
          "amsgradMove",
          PARAMETER,
          SHRUNK.sub(kept(0).mul(LENGTH).div(kept(2).sqrt().add(EPSILON))));

  /** One array for all updates: a step makes hundreds. */
  private final double[] coefficients = new double[5];

  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;

  AdamFamily(List<Parameter> parameters, Schedule rate) {
    super(parameters, rate);
  }

  final void setBetas(double first, double second) {
    beta1 = fraction("beta1", first);
    beta2 = fraction("beta2", second);
  }

  final void setEpsilon(double value) {
    epsilon = atLeastZero("epsilon", value);
  }

  static Expr firstMoment(Expr gradient) {
    return towards(kept(0), gradient, coefficient(1));
  }

  static Expr secondMoment(Expr gradient) {
    return towards(kept(1), gradient.square(), coefficient(2));
  }

  /** Parameter and moments in one pass. */
  static UpdateKernel kernel(String name, Expr gradient, Expr start) {
    Expr m = firstMoment(gradient);
    Expr v = secondMoment(gradient);
    return UpdateKernel.compile(
        name,
        PARAMETER,
        start.sub(m.mul(LENGTH).div(v.sqrt().add(EPSILON))),
        kept(0),
        m,
        kept(1),
        v);
  }

  /** The moments alone, and the largest second moment so far. */
  static UpdateKernel amsgradKernel(String name, Expr gradient) {
    Expr v = secondMoment(gradient);
    return UpdateKernel.compile(
        name, kept(0), firstMoment(gradient), kept(1), v, kept(2), kept(2).max(v));
  }

  /**
   * Runs a kernel. With m̂ = m/(1−β₁ᵗ) and v̂ = v/(1−β₂ᵗ) the step rate·m̂/(√v̂ + ε) is
   * length·m/(√v + ε·√(1−β₂ᵗ)), with length = rate·√(1−β₂ᵗ)/(1−β₁ᵗ).
   */
  final void adam(Update u, UpdateKernel kernel, double decay) {
    double root = Math.sqrt(1 - Math.pow(beta2, u.step()));
    double length = u.rate() * root / (1 - Math.pow(beta1, u.step()));
    coefficients[0] = decay;
    coefficients[1] = 1 - beta1;
    coefficients[2] = 1 - beta2;
    coefficients[3] = epsilon * root;
    coefficients[4] = length;
    u.run(kernel, coefficients);
  }

  /** The second kernel of AMSGrad, which takes the decoupled decay. */
  final void amsgradMove(Update u, double decay) {
    adam(u, AMSGRAD_MOVE, decay);
  }

  @Override
  protected List<String> stateNames() {
    return List.of("exp_avg", "exp_avg_sq");
  }
}
