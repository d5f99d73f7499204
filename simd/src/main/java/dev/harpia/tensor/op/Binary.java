package dev.harpia.tensor.op;

import static dev.harpia.tensor.Expr.c;
import static dev.harpia.tensor.Expr.p;
import static dev.harpia.tensor.Expr.x;
import static dev.harpia.tensor.Expr.xi;

import dev.harpia.tensor.Formula;

/** The elementwise functions of two and three operands, which broadcast as NumPy does. */
public final class Binary {
  public static final Pointwise ADD = op(Formula.of("add", x(0).add(x(1))));
  public static final Pointwise SUB = op(Formula.of("sub", x(0).sub(x(1))));
  public static final Pointwise MUL = op(Formula.of("mul", x(0).mul(x(1))));
  public static final Pointwise DIV = op(Formula.of("div", x(0).div(x(1))));
  public static final Pointwise POW = op(Formula.of("pow", x(0).pow(x(1))));
  public static final Pointwise MAX = op(Formula.of("max", x(0).max(x(1))));
  public static final Pointwise MIN = op(Formula.of("min", x(0).min(x(1))));

  /** x1 where the integer x0 is not 0, else x2. */
  public static final Pointwise WHERE = op(Formula.of("where", xi(0).ne(c(0), x(1), x(2))));

  /** p0 where the integer x0 is not 0, else x1. */
  public static final Formula MASKED_FILL = Formula.of("maskedFill", xi(0).ne(c(0), p(0), x(1)));

  /** x0 where it is positive, x0·x1 elsewhere (He et al. 2015). */
  public static final Pointwise PRELU =
      op(Formula.of("prelu", c(0).lt(x(0), x(0), x(0).mul(x(1)))));

  /** x0·sigmoid(x1) (Dauphin et al. 2016). */
  public static final Pointwise GLU = op(Formula.of("glu", x(0).mul(x(1).sigmoid())));

  /** silu(x0)·x1 (Shazeer 2020). */
  public static final Pointwise SWIGLU =
      op(Formula.of("swiglu", x(0).mul(x(0).sigmoid()).mul(x(1))));

  private Binary() {}

  private static Pointwise op(Formula f) {
    return new Pointwise(f);
  }
}
