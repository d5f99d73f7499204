package dev.harpia.nn.optim;

import static dev.harpia.nn.optim.UpdateKernel.GRADIENT;
import static dev.harpia.nn.optim.UpdateKernel.PARAMETER;
import static dev.harpia.nn.optim.UpdateKernel.coefficient;
import static dev.harpia.nn.optim.UpdateKernel.kept;
import static dev.harpia.nn.optim.UpdateKernel.towards;

import dev.harpia.nn.Parameter;
import dev.harpia.tensor.Expr;
import java.util.ArrayList;
import java.util.List;

/**
 * RMSprop (Tieleman, Hinton 2012), as PyTorch's: {@code g ← g + λp; s ← αs + (1−α)g²; d ← g/(√s +
 * ε); b ← μb + d; p ← p − rate·b} (without momentum: rate·d). Centred (Graves 2013): √(s − a²),
 * {@code a ← αa + (1−α)g}. States: {@code square_avg}, and where they are used {@code grad_avg},
 * {@code momentum_buffer}.
 */
public final class RMSprop extends Optimizer {
  // coefficients: 0 decay, 1 (1−α), 2 ε, 3 rate, 4 momentum
  private static final Expr DECAYED = PARAMETER.fma(coefficient(0), GRADIENT);
  private static final Expr SQUARES = towards(kept(0), DECAYED.square(), coefficient(1));
  private static final Expr MEAN = towards(kept(1), DECAYED, coefficient(1));

  // rounding may take the difference below zero
  private static final Expr VARIANCE = MEAN.neg().fma(MEAN, SQUARES).max(0);
  private static final Expr STEP = DECAYED.div(SQUARES.sqrt().add(coefficient(2)));
  private static final Expr CENTERED_STEP = DECAYED.div(VARIANCE.sqrt().add(coefficient(2)));
  private static final Expr DESCENT = coefficient(3).neg();

  private static final UpdateKernel PLAIN =
      UpdateKernel.compile("rmsprop", PARAMETER, STEP.fma(DESCENT, PARAMETER), kept(0), SQUARES);
  private static final UpdateKernel CENTERED =
      UpdateKernel.compile(
          "rmspropCentered",
          PARAMETER,
          CENTERED_STEP.fma(DESCENT, PARAMETER),
          kept(0),
          SQUARES,
          kept(1),
          MEAN);
  private static final UpdateKernel MOMENTUM = momentumKernel();

  // four outputs and five inputs would be more than a kernel takes: two passes
  private static final UpdateKernel CENTERED_MOMENTUM =
      UpdateKernel.compile(
          "rmspropCenteredMomentum",
          kept(0),
          SQUARES,
          kept(1),
          MEAN,
          kept(2),
          kept(2).fma(coefficient(4), CENTERED_STEP));
  private static final UpdateKernel MOVE =
      UpdateKernel.compile("rmspropMove", PARAMETER, kept(2).fma(DESCENT, PARAMETER));

  private double alpha = 0.99;
  private double epsilon = 1e-8;
  private double momentum;
  private boolean centered;

  /** α = 0.99, ε = 1e-8, no momentum, no decay. */
  public RMSprop(List<Parameter> parameters, double rate) {
    this(parameters, Schedule.constant(rate));
  }

  /** α = 0.99, ε = 1e-8, no momentum, no decay. */
  public RMSprop(List<Parameter> parameters, Schedule rate) {
    super(parameters, rate);
  }

  private static UpdateKernel momentumKernel() {
    Expr buffer = kept(1).fma(coefficient(4), STEP);
    return UpdateKernel.compile(
        "rmspropMomentum",
        PARAMETER,
        buffer.fma(DESCENT, PARAMETER),
        kept(0),
        SQUARES,
        kept(1),
        buffer);
  }

  /** α, what is kept of the mean square. */
  public RMSprop alpha(double alpha) {
    this.alpha = fraction("alpha", alpha);
    return this;
  }

  /** ε, which keeps the divisor from zero. */
  public RMSprop epsilon(double epsilon) {
    this.epsilon = atLeastZero("epsilon", epsilon);
    return this;
  }

  /** Momentum μ. */
  public RMSprop momentum(double momentum) {
    this.momentum = fraction("momentum", momentum);
    return this;
  }

  /** Divides by the gradient's standard deviation instead of its root mean square. */
  public RMSprop centered() {
    unstarted("centered");
    centered = true;
    return this;
  }

  @Override
  protected List<String> stateNames() {
    List<String> names = new ArrayList<>(List.of("square_avg"));
    if (centered) {
      names.add("grad_avg");
    }
    if (momentum > 0) {
      names.add("momentum_buffer");
    }
    return names;
  }

  @Override
  protected void update(Update u) {
    UpdateKernel k =
        momentum > 0 ? centered ? CENTERED_MOMENTUM : MOMENTUM : centered ? CENTERED : PLAIN;
    u.run(k, u.decay(), 1 - alpha, epsilon, u.rate(), momentum);
    if (k == CENTERED_MOMENTUM) {
      u.run(MOVE, 0, 0, 0, u.rate());
    }
  }
}
