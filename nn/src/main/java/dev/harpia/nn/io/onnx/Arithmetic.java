package dev.harpia.nn.io.onnx;

import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Binary;
import dev.harpia.tensor.op.Compare;
import java.util.Locale;
import java.util.function.BinaryOperator;

/**
 * Operators of two operands: on floats, on integers that are known now, on integers that are not.
 */
final class Arithmetic {
  private Arithmetic() {}

  static void register(Operators.Registry r) {
    r.add("Add", both(IntegerKind.ADD, Tensor::add));
    r.add("Sub", both(IntegerKind.SUB, Tensor::sub));
    r.add("Mul", both(IntegerKind.MUL, Tensor::mul));
    r.add("Div", both(IntegerKind.DIV, Tensor::div));
    r.add("Pow", Arithmetic::pow);
    r.add("Mod", Arithmetic::mod);
    r.add("Min", all(IntegerKind.MIN, Tensor::min));
    r.add("Max", all(IntegerKind.MAX, Tensor::max));
    r.add("Sum", all(IntegerKind.ADD, Tensor::add));
    r.add("Mean", Mapping.floats(Arithmetic::mean));
    r.add("Equal", compare(IntegerKind.EQUAL, Compare.EQ));
    r.add("Less", compare(IntegerKind.LESS, Compare.LT));
    r.add("LessOrEqual", compare(IntegerKind.LESS_OR_EQUAL, Compare.LE));
    r.add("Greater", compare(IntegerKind.GREATER, Compare.GT));
    r.add("GreaterOrEqual", compare(IntegerKind.GREATER_OR_EQUAL, Compare.GE));
    for (IntegerKind k : new IntegerKind[] {IntegerKind.AND, IntegerKind.OR, IntegerKind.XOR}) {
      String name = k.name().charAt(0) + k.name().substring(1).toLowerCase(Locale.ROOT);
      r.add(name, c -> single(integers(k, c.value(0), c.value(1))));
    }
    r.add("BitwiseAnd", c -> single(integers(IntegerKind.BIT_AND, c.value(0), c.value(1))));
    r.add("BitwiseOr", c -> single(integers(IntegerKind.BIT_OR, c.value(0), c.value(1))));
    r.add("BitwiseXor", c -> single(integers(IntegerKind.BIT_XOR, c.value(0), c.value(1))));
    r.add("BitwiseNot", c -> single(bitwiseNot(c.value(0))));
    r.add("BitShift", c -> single(integers(shift(c), c.value(0), c.value(1))));
    r.add("Not", c -> single(not(c.value(0))));
    r.add("Where", Arithmetic::where);
  }

  private static Value[] single(Value v) {
    return new Value[] {v};
  }

  private static Mapping both(IntegerKind kind, BinaryOperator<Tensor> floats) {
    return c -> single(apply(kind, floats, c, c.value(0), c.value(1)));
  }

  private static Value apply(
      IntegerKind kind, BinaryOperator<Tensor> floats, Call c, Value a, Value b) {
    if (!a.isFloat() && !b.isFloat()) {
      return integers(kind, a, b);
    }
    Tensor x = a.floats();
    Tensor y = b.floats();
    if (c.opset() < 7 && c.flag("broadcast", false) && c.set("axis")) {
      int axis = Call.axis(c.integer("axis", 0), x.rank());
      for (int r = axis + y.rank(); r < x.rank(); r++) {
        y = y.unsqueeze(y.rank());
      }
    }
    return Value.of(floats.apply(x, y), OnnxType.FLOAT);
  }

  private static Mapping all(IntegerKind kind, BinaryOperator<Tensor> floats) {
    return c -> {
      Value v = c.value(0);
      for (int i = 1; i < c.in().size(); i++) {
        v = apply(kind, floats, c, v, c.value(i));
      }
      return single(v);
    };
  }

  private static Tensor mean(Call c) {
    Tensor sum = c.x(0);
    for (int i = 1; i < c.in().size(); i++) {
      sum = sum.add(c.x(i));
    }
    return sum.mul(1f / c.in().size());
  }

  private static Mapping compare(IntegerKind kind, Compare floats) {
    return c -> {
      Value a = c.value(0);
      Value b = c.value(1);
      if (!a.isFloat() && !b.isFloat()) {
        return single(integers(kind, a, b));
      }
      return single(Value.of(Tensor.apply(floats, a.floats(), b.floats()), OnnxType.BOOL));
    };
  }

  private static Value[] pow(Call c) {
    Value a = c.value(0);
    Value b = c.value(1);
    if (!a.isFloat()) {
      if (b.isFloat()) {
        Value y = Value.of(a.floats().pow(b.tensor()), OnnxType.FLOAT);
        if (a.dynamic() || b.dynamic()) {
          y.derived();
        }
        return single(Elementwise.cast(y, a.type()));
      }
      return single(integers(IntegerKind.POW, a, b));
    }
    if (!b.dynamic() && b.shape().size() == 1 && b.shape().rank() <= a.shape().rank()) {
      float p = b.number();
      Tensor x = a.tensor();
      return single(Value.of(p == 0.5f ? x.sqrt() : p == 1 ? x.mul(1) : x.pow(p), OnnxType.FLOAT));
    }
    return single(Value.of(a.tensor().pow(b.floats()), OnnxType.FLOAT));
  }

  private static Value[] mod(Call c) {
    Value a = c.value(0);
    Value b = c.value(1);
    boolean fmod = c.flag("fmod", false);
    if (!a.isFloat() && !b.isFloat()) {
      return single(integers(fmod ? IntegerKind.FMOD : IntegerKind.MOD, a, b));
    }
    if (!fmod) {
      throw c.unsupported("floats without fmod");
    }
    Tensor x = a.floats();
    Tensor y = b.floats();
    Tensor quotient = x.div(y).map(Elementwise.TRUNC);
    return single(Value.of(x.sub(quotient.mul(y)), OnnxType.FLOAT));
  }

  static Value not(Value v) {
    Value zero = Value.ofLongs(new long[1], Shape.SCALAR, v.type());
    Value result = integers(IntegerKind.EQUAL, v, zero);
    return result;
  }

  private static Value bitwiseNot(Value v) {
    Value ones = Value.ofLongs(new long[] {-1}, Shape.SCALAR, v.type());
    return integers(IntegerKind.BIT_XOR, v, ones);
  }

  private static IntegerKind shift(Call c) {
    return switch (c.text("direction", "")) {
      case "LEFT" -> IntegerKind.SHIFT_LEFT;
      case "RIGHT" -> IntegerKind.SHIFT_RIGHT;
      default -> throw new IllegalArgumentException("expected direction LEFT or RIGHT");
    };
  }

  private static Value[] where(Call c) {
    Value mask = c.value(0);
    Value a = c.value(1);
    Value b = c.value(2);
    if (a.isFloat() || b.isFloat()) {
      Tensor y = Tensor.apply(Binary.WHERE, mask.tensor(), a.floats(), b.floats());
      return single(Value.of(y, OnnxType.FLOAT));
    }
    Value left = integers(IntegerKind.MUL, mask, a);
    Value right = integers(IntegerKind.MUL, not(mask), b);
    Value sum = integers(IntegerKind.ADD, left, right);
    return single(typed(sum, a.type()));
  }

  private static Value typed(Value v, OnnxType type) {
    return v.knownIntegers() && !v.dynamic()
        ? Value.ofLongs(v.longs(), v.shape(), type)
        : Value.of(v.tensor(), type);
  }

  // ---- integers

  static Value integers(IntegerKind kind, Value a, Value b) {
    Shape shape = a.shape().broadcast(kind.name(), b.shape());
    OnnxType type = kind.logical() ? OnnxType.BOOL : a.type();
    if (a.knownIntegers() && b.knownIntegers()) {
      long[] x = spread(a, shape);
      long[] y = spread(b, shape);
      long[] z = new long[x.length];
      for (int i = 0; i < z.length; i++) {
        z[i] = kind.apply(x[i], y[i], a.type());
      }
      return Value.ofLongs(z, shape, type);
    }
    Tensor y =
        Tensor.apply(new IntegerOp(kind, a.type()), spreadTensor(a, shape), spreadTensor(b, shape));
    Value v = Value.of(y, type);
    v.derived();
    return v;
  }

  private static Tensor spreadTensor(Value v, Shape shape) {
    return v.shape().equals(shape) ? v.tensor() : v.tensor().expand(shape.dims());
  }

  /** The elements in a shape to which the value broadcasts. */
  private static long[] spread(Value v, Shape to) {
    long[] from = v.longs();
    if (v.shape().equals(to)) {
      return from;
    }
    int n = Math.toIntExact(Call.bounded(longs(to)).size());
    long[] result = new long[n];
    int lead = to.rank() - v.shape().rank();
    for (int i = 0; i < n; i++) {
      int rest = i;
      int at = 0;
      int step = 1;
      for (int d = to.rank() - 1; d >= lead; d--) {
        int size = v.shape().dim(d - lead);
        at += size == 1 ? 0 : rest % to.dim(d) * step;
        rest /= to.dim(d);
        step *= size;
      }
      result[i] = from[at];
    }
    return result;
  }

  static long[] longs(Shape s) {
    long[] d = new long[s.rank()];
    for (int i = 0; i < d.length; i++) {
      d[i] = s.dim(i);
    }
    return d;
  }
}
