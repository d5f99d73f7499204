package dev.harpia.nn.io.onnx;

import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;

/** Constants, and operators whose results follow from shapes. */
final class Shapes {
  private Shapes() {}

  static void register(Operators.Registry r) {
    r.add("Constant", Shapes::constant);
    r.add("ConstantOfShape", Shapes::constantOfShape);
    r.add("Shape", Shapes::shape);
    r.add("Size", c -> single(Value.ofLongs(new long[] {c.shape(0).size()}, Shape.SCALAR, LONG)));
    r.add("Range", Shapes::range);
    r.add("NonZero", Shapes::nonZero);
    r.add("EyeLike", Shapes::eye);
    r.add("If", Shapes::branch);
  }

  private static final OnnxType LONG = OnnxType.INT64;

  private static Value[] single(Value v) {
    return new Value[] {v};
  }

  private static Value[] branch(Call c) {
    String name = c.value(0).longs()[0] != 0 ? "then_branch" : "else_branch";
    return c.run(c.graph(name), Map.of());
  }

  private static Value[] constant(Call c) {
    if (c.set("value_float")) {
      return single(Value.of(Value.constant(c.number("value_float", 0)), OnnxType.FLOAT));
    }
    if (c.set("value_floats")) {
      float[] v = c.numbers("value_floats");
      return single(Value.of(Value.constant(v, Shape.of(v.length)), OnnxType.FLOAT));
    }
    if (c.set("value_int")) {
      return single(Value.ofLongs(new long[] {c.integer("value_int", 0)}, Shape.SCALAR, LONG));
    }
    if (c.set("value_ints")) {
      return single(Value.ofLongs(c.integers("value_ints")));
    }
    OnnxTensor t =
        c.constant("value").orElseThrow(() -> c.unsupported("a constant that is no tensor"));
    if (t.type() == OnnxType.OTHER) {
      throw c.unsupported("a constant of a type that tensors cannot hold");
    }
    return single(t.value());
  }

  private static Value[] constantOfShape(Call c) {
    Shape shape = Call.bounded(c.value(0).longs());
    int n = Math.toIntExact(shape.size());
    OnnxTensor t = c.constant("value").orElse(null);
    if (t == null || t.type().isFloat()) {
      float[] v = new float[n];
      Arrays.fill(v, t == null ? 0 : t.value().number());
      return single(Value.of(Value.constant(v, shape), OnnxType.FLOAT));
    }
    long[] v = new long[n];
    Arrays.fill(v, t.longs().length == 1 ? t.longs()[0] : 0);
    return single(Value.ofLongs(v, shape, t.type()));
  }

  private static Value[] shape(Call c) {
    long[] dims = Arithmetic.longs(c.shape(0));
    int n = dims.length;
    int from = (int) bound(c.integer("start", 0), n);
    int to = (int) bound(c.integer("end", n), n);
    return single(Value.ofLongs(Arrays.copyOfRange(dims, from, Math.max(from, to))));
  }

  private static long bound(long i, int n) {
    return Math.clamp(i < 0 ? i + n : i, 0, n);
  }

  private static Value[] range(Call c) {
    if (c.value(0).isFloat()) {
      float from = c.value(0).number();
      float step = c.value(2).number();
      double n = Math.ceil(((double) c.value(1).number() - from) / step);
      Shape shape = Call.bounded((long) Math.max(0, n));
      float[] v = new float[shape.dim(0)];
      for (int i = 0; i < v.length; i++) {
        v[i] = from + i * step;
      }
      return single(Value.of(Value.constant(v, shape), OnnxType.FLOAT));
    }
    long from = c.value(0).longs()[0];
    long step = c.value(2).longs()[0];
    long span = Math.subtractExact(c.value(1).longs()[0], from);
    if (step == 0) {
      throw new IllegalArgumentException("a range with step 0");
    }
    long n = Math.max(0, Math.ceilDiv(span, step));
    long[] v = new long[Call.bounded(n).dim(0)];
    for (int i = 0; i < v.length; i++) {
      v[i] = from + i * step;
    }
    return single(Value.ofLongs(v, Shape.of(v.length), c.value(0).type()));
  }

  private static Value[] nonZero(Call c) {
    float[] v = c.value(0).numbers();
    Shape s = c.shape(0);
    Numbers places = new Numbers();
    for (int i = 0; i < v.length; i++) {
      if (v[i] != 0) {
        places.add(i);
      }
    }
    int n = places.size();
    long[] result = new long[s.rank() * n];
    for (int i = 0; i < n; i++) {
      long rest = places.get(i);
      for (int d = s.rank() - 1; d >= 0; d--) {
        result[d * n + i] = rest % s.dim(d);
        rest /= s.dim(d);
      }
    }
    return single(Value.ofLongs(result, Shape.of(s.rank(), n), LONG));
  }

  private static Value[] eye(Call c) {
    Shape s = c.shape(0);
    if (s.rank() != 2) {
      throw new IllegalArgumentException("expected a matrix, found " + s);
    }
    float[] v = new float[Math.toIntExact(s.size())];
    long k = c.integer("k", 0);
    for (int i = 0; i < s.dim(0); i++) {
      if (i + k >= 0 && i + k < s.dim(1)) {
        v[(int) (i * (long) s.dim(1) + i + k)] = 1;
      }
    }
    Tensor t = Value.constant(v, s);
    OnnxType type = c.set("dtype") ? OnnxType.of(c.integer("dtype", 1)) : c.value(0).type();
    return single(Elementwise.cast(Value.of(t, OnnxType.FLOAT), type));
  }
}
