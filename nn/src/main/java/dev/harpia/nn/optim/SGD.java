package dev.harpia.nn.optim;

import static dev.harpia.nn.optim.UpdateKernel.GRADIENT;
import static dev.harpia.nn.optim.UpdateKernel.PARAMETER;
import static dev.harpia.nn.optim.UpdateKernel.coefficient;
import static dev.harpia.nn.optim.UpdateKernel.kept;

import dev.harpia.nn.Parameter;
import dev.harpia.tensor.Expr;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stochastic gradient descent, as PyTorch's: {@code g ← g + λp; v ← μv + (1−τ)g (v ← g at first); d
 * ← g + μv (Nesterov), v (momentum) or g; p ← p − rate·d}. Momentum: Polyak 1964; Nesterov's form:
 * Sutskever et al. 2013. State: {@code momentum_buffer}, with momentum alone.
 */
public final class SGD extends Optimizer {
  // coefficients: 0 rate, 1 decay, 2 what is kept of v, 3 what is added to it, 4 momentum
  private static final Expr DESCENT = coefficient(0).neg();
  private static final Expr DECAYED = PARAMETER.fma(coefficient(1), GRADIENT);
  private static final Expr VELOCITY = kept(0).mul(coefficient(2)).add(DECAYED.mul(coefficient(3)));
  private static final UpdateKernel PLAIN =
      UpdateKernel.compile("sgd", PARAMETER, DECAYED.fma(DESCENT, PARAMETER));
  private static final UpdateKernel MOMENTUM =
      UpdateKernel.compile(
          "sgdMomentum", PARAMETER, VELOCITY.fma(DESCENT, PARAMETER), kept(0), VELOCITY);
  private static final UpdateKernel NESTEROV =
      UpdateKernel.compile(
          "sgdNesterov",
          PARAMETER,
          VELOCITY.fma(coefficient(4), DECAYED).fma(DESCENT, PARAMETER),
          kept(0),
          VELOCITY);

  private @Nullable Schedule momentum;
  private double dampening;
  private boolean nesterov;

  /** Plain descent. */
  public SGD(List<Parameter> parameters, double rate) {
    this(parameters, Schedule.constant(rate));
  }

  /** Plain descent. */
  public SGD(List<Parameter> parameters, Schedule rate) {
    super(parameters, rate);
  }

  /** Momentum μ. */
  public SGD momentum(double momentum) {
    double fixed = fraction("momentum", momentum);
    this.momentum = fixed == 0 ? null : step -> fixed;
    return this;
  }

  /** A momentum that changes with the steps, as that of {@link OneCycle#momentum}. */
  public SGD momentum(Schedule momentum) {
    unstarted("momentum");
    this.momentum = momentum;
    return this;
  }

  /** Dampening τ of what is added to the momentum. */
  public SGD dampening(double dampening) {
    this.dampening = atLeastZero("dampening", dampening);
    return this;
  }

  /** Looks ahead along the momentum; it takes a momentum and no dampening. */
  public SGD nesterov() {
    unstarted("nesterov");
    nesterov = true;
    return this;
  }

  @Override
  protected List<String> stateNames() {
    if (nesterov && (momentum == null || dampening != 0)) {
      throw new IllegalArgumentException(
          "SGD: nesterov takes a momentum and no dampening; momentum is "
              + (momentum == null ? "0" : "set")
              + ", dampening "
              + dampening);
    }
    return momentum == null ? List.of() : List.of("momentum_buffer");
  }

  @Override
  protected void update(Update u) {
    if (momentum == null) {
      u.run(PLAIN, u.rate(), u.decay());
      return;
    }
    boolean fresh = u.step() == 1;
    double kept = momentum.at(steps());
    u.run(
        nesterov ? NESTEROV : MOMENTUM,
        u.rate(),
        u.decay(),
        fresh ? 0 : kept,
        fresh ? 1 : 1 - dampening,
        kept);
  }
}
