package dev.harpia.nn.plan;

import dev.harpia.nn.plan.Graph.Step;
import dev.harpia.nn.plan.Graph.Value;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Binary;
import dev.harpia.tensor.op.Pointwise;
import dev.harpia.tensor.op.Unary;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A product of constants that a computation multiplies by, gathered from several places. */
record Scale(List<Factor> factors) {
  static final Scale ONE = new Scale(List.of());

  /**
   * A multiplication by one number.
   *
   * @param of what is multiplied
   * @param by the number, of one element
   * @param inverse whether it divides
   */
  record Factor(Value of, Value by, boolean inverse) {}

  /** The step as a multiplication by a constant number; null if it is none. */
  static @Nullable Factor factor(Step step) {
    if (!(step.op instanceof Pointwise p)) {
      return null;
    }
    if (p.formula() == Unary.MUL_SCALAR || p.formula() == Unary.DIV_SCALAR) {
      return new Factor(step.in[0], number(p.p0()), p.formula() == Unary.DIV_SCALAR);
    }
    boolean mul = p.formula() == Binary.MUL.formula();
    boolean div = p.formula() == Binary.DIV.formula();
    if ((mul || div) && isNumber(step.in[1]) && same(step, 0)) {
      return new Factor(step.in[0], step.in[1], div);
    }
    return mul && isNumber(step.in[0]) && same(step, 1)
        ? new Factor(step.in[1], step.in[0], false)
        : null;
  }

  private static boolean isNumber(Value v) {
    return v.constant && v.shape.size() == 1;
  }

  private static boolean same(Step step, int i) {
    return step.in[i].shape.equals(step.out[0].shape);
  }

  Scale times(Factor f) {
    List<Factor> all = new ArrayList<>(factors);
    all.add(f);
    return new Scale(all);
  }

  Scale times(Scale other) {
    List<Factor> all = new ArrayList<>(factors);
    all.addAll(other.factors);
    return new Scale(all);
  }

  /** A constant leaf. */
  static Value number(float x) {
    return new Value(Shape.SCALAR, DType.F32, Tensor.scalar(x).copy(), false);
  }

  /** The product as one value, which steps compute that are added to {@code steps}. */
  Value value(List<Step> steps) {
    Value v = number(1);
    for (Factor f : factors) {
      Pointwise op = f.inverse ? Binary.DIV : Binary.MUL;
      Shape shape = v.shape.broadcast("mul", f.by.shape);
      Value product = new Value(shape, DType.F32, null, false);
      steps.add(new Step(op, new Value[] {v, f.by}, new Value[] {product}));
      v = product;
    }
    return v;
  }
}
