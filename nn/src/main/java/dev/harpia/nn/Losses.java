package dev.harpia.nn;

import static dev.harpia.tensor.Expr.c;
import static dev.harpia.tensor.Expr.x;

import dev.harpia.tensor.Expr;
import dev.harpia.tensor.Formula;
import dev.harpia.tensor.op.Pointwise;

/** The elementwise losses as expressions of a prediction x0 and a target x1. */
final class Losses {
  /**
   * As PyTorch, the logarithms stop at −100 so that a wrong certainty has a finite loss; so does
   * their gradient.
   */
  static final Pointwise BCE =
      op(
          "bce",
          limitedLog(x(0)).mul(x(1)).add(limitedLog(c(1).sub(x(0))).mul(c(1).sub(x(1)))).neg());

  static final Pointwise BCE_WITH_LOGITS = op("bceWithLogits", x(0).softplus().sub(x(0).mul(x(1))));

  private Losses() {}

  private static Expr limitedLog(Expr e) {
    return e.log().max(-100);
  }

  private static Pointwise op(String name, Expr e) {
    return new Pointwise(Formula.of(name, e));
  }
}
