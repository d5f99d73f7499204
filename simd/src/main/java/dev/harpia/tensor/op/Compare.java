package dev.harpia.tensor.op;

import static dev.harpia.tensor.Expr.c;
import static dev.harpia.tensor.Expr.x;

import dev.harpia.tensor.DType;
import dev.harpia.tensor.Expr;
import dev.harpia.tensor.Formula;
import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Op;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Comparisons of two operands, which broadcast: masks of 1 and 0 as I32. Comparisons with NaN are
 * false, but for {@code ne}.
 */
public enum Compare implements Op {
  GT(x(0).gt(x(1), one(), c(0))),
  GE(x(0).ge(x(1), one(), c(0))),
  LT(x(0).lt(x(1), one(), c(0))),
  LE(x(0).le(x(1), one(), c(0))),
  EQ(x(0).eq(x(1), one(), c(0))),
  NE(x(0).ne(x(1), one(), c(0)));

  private final Pointwise pointwise;

  Compare(Expr expr) {
    pointwise = new Pointwise(Formula.of(name().toLowerCase(java.util.Locale.ROOT), expr));
  }

  /** The float whose bits are those of the integer 1. */
  private static Expr one() {
    return c(Float.MIN_VALUE);
  }

  @Override
  public Shape[] shapes(Shape... in) {
    return pointwise.shapes(in);
  }

  @Override
  public DType[] types(DType... in) {
    pointwise.types(in);
    return new DType[] {DType.I32};
  }

  @Override
  public boolean differentiable() {
    return false;
  }

  @Override
  public void forward(Tensor[] in, Tensor[] out, Tensor[] saved) {
    pointwise.forward(in, out, saved);
  }

  @Override
  public Runnable bind(Tensor[] in, Tensor[] out) {
    return pointwise.bind(in, out);
  }

  @Override
  public void backward(
      Tensor[] in, Tensor[] out, Tensor[] saved, @Nullable Tensor[] gOut, GradientSink gIn) {
    throw new IllegalStateException(this + " has no gradient");
  }
}
