package dev.harpia.nn.optim;

import static dev.harpia.nn.optim.UpdateKernel.GRADIENT;
import static dev.harpia.nn.optim.UpdateKernel.PARAMETER;
import static dev.harpia.nn.optim.UpdateKernel.coefficient;
import static dev.harpia.nn.optim.UpdateKernel.kept;

import dev.harpia.nn.Parameter;
import dev.harpia.tensor.Expr;
import java.util.List;

/**
 * Resilient propagation (Riedmiller, Braun 1993), as PyTorch's, for gradients of all the data: each
 * element has a step length h, the rate at first, which grows by η⁺ (to at most h max) where the
 * gradient keeps its sign and shrinks by η⁻ (to at least h min) where it changes; there the
 * gradient counts as 0 once. {@code p ← p − sign(g)·h}. States: {@code prev}, {@code step_size}. It
 * has no weight decay, and a schedule sets the first step lengths alone.
 */
public final class Rprop extends Optimizer {
  // coefficients: 0 η⁻, 1 η⁺, 2 least length, 3 greatest length
  private static final UpdateKernel KERNEL = kernel();

  private double shrink = 0.5;
  private double grow = 1.2;
  private double least = 1e-6;
  private double most = 50;

  /** η = (0.5, 1.2), lengths from 1e-6 to 50. */
  public Rprop(List<Parameter> parameters, double rate) {
    this(parameters, Schedule.constant(rate));
  }

  /** η = (0.5, 1.2), lengths from 1e-6 to 50. */
  public Rprop(List<Parameter> parameters, Schedule rate) {
    super(parameters, rate);
  }

  private static UpdateKernel kernel() {
    Expr zero = Expr.c(0);
    Expr turn = GRADIENT.sign().mul(kept(0).sign()); // the product itself could underflow
    Expr factor = turn.gt(zero, coefficient(1), turn.lt(zero, coefficient(0), Expr.c(1)));
    Expr length = kept(1).mul(factor).max(coefficient(2)).min(coefficient(3));
    Expr gradient = turn.lt(zero, zero, GRADIENT);
    return UpdateKernel.compile(
        "rprop",
        PARAMETER,
        PARAMETER.sub(gradient.sign().mul(length)),
        kept(0),
        gradient,
        kept(1),
        length);
  }

  /** η⁻ and η⁺, by which the step lengths shrink and grow. */
  public Rprop etas(double shrink, double grow) {
    this.shrink = fraction("eta-", shrink);
    this.grow = atLeastZero("eta+", grow);
    return this;
  }

  /** The least and the greatest step length. */
  public Rprop lengths(double least, double most) {
    this.least = atLeastZero("least step length", least);
    this.most = atLeastZero("greatest step length", most);
    return this;
  }

  @Override
  protected List<String> stateNames() {
    return List.of("prev", "step_size");
  }

  @Override
  protected double initial(int state, double rate) {
    return state == 1 ? rate : 0;
  }

  @Override
  protected void update(Update u) {
    u.run(KERNEL, shrink, grow, least, most);
  }
}
