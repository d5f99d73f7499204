package dev.harpia.nn;

import static dev.harpia.tensor.Expr.c;
import static dev.harpia.tensor.Expr.p;
import static dev.harpia.tensor.Expr.x;

import dev.harpia.tensor.Expr;
import dev.harpia.tensor.Formula;
import dev.harpia.tensor.op.Pointwise;

/** The elementwise losses as expressions of a prediction x0 and a target x1. */
final class LossFormulas {
  private static final Expr D = x(0).sub(x(1));

  /** As PyTorch, the logarithms stop at −100 so that a wrong certainty has a finite loss. */
  static final Pointwise BCE =
      op(
          "bce",
          limitedLog(x(0)).mul(x(1)).add(limitedLog(c(1).sub(x(0))).mul(c(1).sub(x(1)))).neg());

  static final Pointwise BCE_WITH_LOGITS = op("bceWithLogits", x(0).softplus().sub(x(0).mul(x(1))));

  /** Operand 2 weighs positive targets: {@code (1−y)·x + (1 + (w−1)·y)·log(1 + e⁻ˣ)}. */
  static final Pointwise BCE_WITH_LOGITS_WEIGHTED =
      op(
          "bceWithLogits",
          c(1).sub(x(1)).mul(x(0)).add(x(2).sub(1).mul(x(1)).add(1).mul(x(0).neg().softplus())));

  static final Pointwise SQUARED = op("mse", D.square());
  static final Pointwise ABSOLUTE = op("l1", D.abs());
  static final Formula SMOOTH_L1 =
      Formula.of(
          "smoothL1", D.abs().lt(p(0), D.square().mul(0.5).div(p(0)), D.abs().sub(p(0).mul(0.5))));
  static final Formula HUBER =
      Formula.of(
          "huber", D.abs().le(p(0), D.square().mul(0.5), p(0).mul(D.abs().sub(p(0).mul(0.5)))));

  /** {@code y·(log y − x)}, 0 for y = 0. */
  static final Pointwise KL = op("klDiv", c(0).lt(x(1), x(1).mul(x(1).log().sub(x(0))), c(0)));

  static final Pointwise KL_LOG_TARGET = op("klDiv", x(1).exp().mul(x(1).sub(x(0))));
  static final Pointwise SOFT_MARGIN = op("softMargin", x(0).mul(x(1)).neg().softplus());

  /** {@code max(0, −y·(x − x₂) + margin)} of x0 = x − x₂. */
  static final Formula MARGIN = Formula.of("marginRanking", hinge(p(0).sub(x(0).mul(x(1)))));

  /** x for y = 1, {@code max(0, margin − x)} for y = −1. */
  static final Formula HINGE_EMBEDDING =
      Formula.of("hingeEmbedding", x(1).eq(c(1), x(0), hinge(p(0).sub(x(0)))));

  /** Of a cosine x0: {@code 1 − x} for y = 1, {@code max(0, x − margin)} for y = −1. */
  static final Formula COSINE_EMBEDDING =
      Formula.of("cosineEmbedding", x(1).eq(c(1), c(1).sub(x(0)), hinge(x(0).sub(p(0)))));

  static final Formula HINGE = Formula.of("hinge", hinge(x(0).add(p(0))));
  static final Pointwise POISSON_LOG = op("poissonNll", x(0).exp().sub(x(1).mul(x(0))));
  static final Formula POISSON = Formula.of("poissonNll", x(0).sub(x(1).mul(x(0).add(p(0)).log())));

  /** Operand 2 is the variance, not below p0: {@code ½(log v + (x − y)²/v)}. */
  static final Formula GAUSSIAN =
      Formula.of("gaussianNll", x(2).max(p(0)).log().add(D.square().div(x(2).max(p(0)))).mul(0.5));

  private LossFormulas() {}

  private static Expr hinge(Expr e) {
    return e.le(c(0), c(0), e);
  }

  private static Expr limitedLog(Expr e) {
    return e.log().max(-100);
  }

  private static Pointwise op(String name, Expr e) {
    return new Pointwise(Formula.of(name, e));
  }
}
