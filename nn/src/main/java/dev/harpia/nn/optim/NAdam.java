package dev.harpia.nn.optim;

import static dev.harpia.nn.optim.UpdateKernel.PARAMETER;
import static dev.harpia.nn.optim.UpdateKernel.coefficient;
import static dev.harpia.nn.optim.UpdateKernel.kept;

import dev.harpia.nn.Parameter;
import dev.harpia.tensor.Expr;
import java.util.Arrays;
import java.util.List;

/**
 * Adam with Nesterov's momentum (Dozat 2016), as PyTorch's: μₜ = β₁(1 − ½·0.96^{tψ}), Πμ = μ₁…μₜ,
 * {@code p ← p − rate·((1−μₜ)/(1−Πμ)·g + μₜ₊₁/(1−μₜμₜ₊₁Πμ)·m)/(√v̂ + ε)}. PyTorch 1.13 has μₜ twice
 * in the second divisor, and so has this. Moments and decay are {@link Adam}'s.
 */
public final class NAdam extends AdamFamily {
  // coefficients: as Adam's; 4 and 5 the lengths along the moment and along the gradient
  private static final Expr DIRECTION =
      firstMoment(COUPLED).mul(coefficient(4)).add(COUPLED.mul(coefficient(5)));
  private static final UpdateKernel KERNEL =
      UpdateKernel.compile(
          "nadam",
          PARAMETER,
          PARAMETER.sub(DIRECTION.div(secondMoment(COUPLED).sqrt().add(coefficient(3)))),
          kept(0),
          firstMoment(COUPLED),
          kept(1),
          secondMoment(COUPLED));

  private double momentumDecay = 4e-3;

  /** Πμ of step 1, 2, …; a pure function of the step, and 0 in double precision from some on. */
  private double[] products = {};

  /** β = (0.9, 0.999), ε = 1e-8, ψ = 0.004, no decay. */
  public NAdam(List<Parameter> parameters, double rate) {
    this(parameters, Schedule.constant(rate));
  }

  /** β = (0.9, 0.999), ε = 1e-8, ψ = 0.004, no decay. */
  public NAdam(List<Parameter> parameters, Schedule rate) {
    super(parameters, rate);
  }

  /** β₁ and β₂, the decay rates of the moments. */
  public NAdam betas(double beta1, double beta2) {
    setBetas(beta1, beta2);
    return this;
  }

  /** ε, which keeps the divisor from zero. */
  public NAdam epsilon(double epsilon) {
    setEpsilon(epsilon);
    return this;
  }

  /** ψ, which makes the momentum grow. */
  public NAdam momentumDecay(double psi) {
    momentumDecay = atLeastZero("momentum decay", psi);
    return this;
  }

  private double mu(int t) {
    return beta1 * (1 - 0.5 * Math.pow(0.96, t * momentumDecay));
  }

  private double product(int t) {
    int known = products.length;
    if (t > known && (known == 0 || products[known - 1] != 0)) {
      products = Arrays.copyOf(products, Math.max(t, 2 * known));
      for (int i = known; i < products.length; i++) {
        products[i] = (i == 0 ? 1 : products[i - 1]) * mu(i + 1);
      }
    }
    return products[Math.min(t, products.length) - 1];
  }

  @Override
  protected void update(Update u) {
    int t = u.step();
    double mu = mu(t);
    double next = mu(t + 1);
    double product = product(t);
    double root = Math.sqrt(1 - Math.pow(beta2, t)); // see AdamFamily.adam
    u.run(
        KERNEL,
        u.decay(),
        1 - beta1,
        1 - beta2,
        epsilon * root,
        u.rate() * root * next / (1 - product * mu * next),
        u.rate() * root * (1 - mu) / (1 - product));
  }
}
