package dev.harpia.nn.io.onnx;

import dev.harpia.simd.Vectors;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;

/** Operators that write elements at given places of a copy; later ones win, or are combined. */
final class Scatters {
  private Scatters() {}

  static void register(Operators.Registry r) {
    r.add("Scatter", Mapping.one(Scatters::elements));
    r.add("ScatterElements", Mapping.one(Scatters::elements));
    r.add("ScatterND", Mapping.one(Scatters::slices));
    r.add("OneHot", c -> new Value[] {Value.of(oneHot(c), c.value(2).type())});
  }

  /** What becomes of an element that is written to. */
  private enum Reduction {
    NONE,
    ADD,
    MUL,
    MIN,
    MAX;

    static Reduction of(Call c) {
      String name = c.text("reduction", "none");
      for (Reduction r : values()) {
        if (r.name().equalsIgnoreCase(name)) {
          return r;
        }
      }
      throw c.unsupported("reduction " + name);
    }

    void write(long to, long from, boolean integers) {
      if (this == NONE) {
        Vectors.setInt(to, Vectors.getInt(from));
      } else if (integers) {
        int a = Vectors.getInt(to);
        int b = Vectors.getInt(from);
        Vectors.setInt(
            to,
            switch (this) {
              case NONE -> b;
              case ADD -> Math.addExact(a, b);
              case MUL -> Math.multiplyExact(a, b);
              case MIN -> Math.min(a, b);
              case MAX -> Math.max(a, b);
            });
      } else {
        float a = Vectors.get(to);
        float b = Vectors.get(from);
        Vectors.set(
            to,
            switch (this) {
              case NONE -> b;
              case ADD -> a + b;
              case MUL -> a * b;
              case MIN -> Math.min(a, b);
              case MAX -> Math.max(a, b);
            });
      }
    }
  }

  private static void requireSameType(Tensor x, Tensor updates) {
    if (x.type() != updates.type()) {
      throw new IllegalArgumentException(
          "updates are " + updates.type() + ", the data " + x.type());
    }
  }

  private static Tensor elements(Call c) {
    Tensor x = c.tensor(0);
    Tensor updates = c.tensor(2);
    requireSameType(x, updates);
    Shape s = x.shape();
    Shape u = updates.shape();
    if (!u.equals(c.shape(1)) || u.rank() != s.rank()) {
      throw new IllegalArgumentException(
          "data " + s + ", indices " + c.shape(1) + ", updates " + u);
    }
    Reduction reduction = Reduction.of(c);
    int axis = Call.axis(c.integer("axis", 0), s.rank());
    int[] step = Picks.strides(s);
    int[] places = new int[Math.toIntExact(u.size())];
    for (int i = 0; i < places.length; i++) {
      int rest = i;
      for (int d = s.rank() - 1; d >= 0; d--) {
        int k = rest % u.dim(d);
        rest /= u.dim(d);
        if (d != axis) {
          places[i] += Picks.index("ScatterElements", k, s.dim(d)) * step[d];
        }
      }
    }
    boolean integers = x.type() == DType.I32;
    return PlainOp.apply(
        "scatterElements",
        x.type(),
        s,
        (in, out) -> {
          long y = out[0].address();
          Vectors.copy(in[0].address(), y, 4 * s.size());
          for (int i = 0; i < places.length; i++) {
            int k = Vectors.getInt(in[1].address() + 4L * i);
            int at = places[i] + Picks.index("ScatterElements", k, s.dim(axis)) * step[axis];
            reduction.write(y + 4L * at, in[2].address() + 4L * i, integers);
          }
        },
        x,
        c.tensor(1),
        updates);
  }

  private static Tensor slices(Call c) {
    Tensor x = c.tensor(0);
    Tensor index = c.tensor(1);
    Tensor updates = c.tensor(2);
    requireSameType(x, updates);
    Shape s = x.shape();
    int depth = index.dim(-1);
    if (depth > s.rank()) {
      throw new IllegalArgumentException("indices of " + depth + " into " + s);
    }
    int[] step = Picks.strides(s);
    int inner = Math.toIntExact(s.size(depth, s.rank()));
    int rows = depth == 0 ? 0 : Math.toIntExact(index.size() / depth);
    if (updates.size() != (long) rows * inner) {
      throw new IllegalArgumentException(
          "data " + s + ", indices " + index.shape() + ", updates " + updates.shape());
    }
    Reduction reduction = Reduction.of(c);
    boolean integers = x.type() == DType.I32;
    return PlainOp.apply(
        "scatterND",
        x.type(),
        s,
        (in, out) -> {
          long y = out[0].address();
          Vectors.copy(in[0].address(), y, 4 * s.size());
          for (int r = 0; r < rows; r++) {
            long place = 0;
            for (int k = 0; k < depth; k++) {
              int i = Vectors.getInt(in[1].address() + 4L * (r * depth + k));
              place += (long) Picks.index("ScatterND", i, s.dim(k)) * step[k];
            }
            for (int i = 0; i < inner; i++) {
              long from = in[2].address() + 4L * (r * inner + i);
              reduction.write(y + 4 * (place + i), from, integers);
            }
          }
        },
        x,
        index,
        updates);
  }

  /** Indices outside [−depth, depth) have no hot element. */
  private static Tensor oneHot(Call c) {
    int depth = Math.toIntExact((long) c.value(1).number());
    Tensor values = c.tensor(2);
    Value index = c.value(0);
    Tensor at = index.isFloat() ? Elementwise.cast(index, OnnxType.INT32).tensor() : index.tensor();
    int axis = Call.axis(c.integer("axis", -1), at.rank() + 1);
    Shape shape = at.shape().insert(axis, depth);
    Call.bounded(Arithmetic.longs(shape));
    int n = Math.toIntExact(shape.size());
    int inner = Math.toIntExact(shape.size(axis + 1, shape.rank()));
    return PlainOp.apply(
        "oneHot",
        values.type(),
        shape,
        (in, out) -> {
          int off = Vectors.getInt(in[1].address());
          int on = Vectors.getInt(in[1].address() + 4);
          for (int i = 0; i < n; i++) {
            int k =
                Vectors.getInt(in[0].address() + 4L * (i / (depth * inner) * inner + i % inner));
            int hot = k < 0 ? k + depth : k;
            Vectors.setInt(out[0].address() + 4L * i, hot == i / inner % depth ? on : off);
          }
        },
        at,
        values);
  }
}
