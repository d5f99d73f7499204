package dev.harpia.nn.io.onnx;

import dev.harpia.tensor.DType;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Gather;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/** Operators that rearrange, cut and join. */
final class Layouts {
  private Layouts() {}

  static void register(Operators.Registry r) {
    r.add("Reshape", Mapping.one(Layouts::reshape));
    r.add("Flatten", Mapping.one(Layouts::flatten));
    r.add("Squeeze", Mapping.one(Layouts::squeeze));
    r.add("Unsqueeze", Mapping.one(Layouts::unsqueeze));
    r.add("Transpose", Mapping.one(Layouts::transpose));
    r.add("Slice", Mapping.one(Layouts::slice));
    r.add("Split", Layouts::split);
    r.add("Gather", Mapping.one(Layouts::gather));
    r.add("GatherElements", Mapping.one(Layouts::gatherElements));
    r.add("Expand", Mapping.one(Layouts::expand));
    r.add("Tile", Mapping.one(Layouts::tile));
    r.add("DepthToSpace", Mapping.one(Layouts::depthToSpace));
    r.add("SpaceToDepth", Mapping.one(Layouts::spaceToDepth));
  }

  static void registerJoins(Operators.Registry r) {
    r.add("Concat", Mapping.one(Layouts::concat));
  }

  private static Tensor reshape(Call c) {
    long[] to = c.value(1).longs().clone();
    Shape from = c.shape(0);
    if (!c.flag("allowzero", false)) {
      for (int i = 0; i < to.length; i++) {
        if (to[i] == 0) {
          to[i] = from.dim(i);
        }
      }
    }
    if (from.size() == 0) {
      for (int i = 0; i < to.length; i++) {
        to[i] = to[i] == -1 ? 0 : to[i];
      }
    }
    return c.tensor(0).reshape(Call.ints(to));
  }

  private static Tensor flatten(Call c) {
    Shape s = c.shape(0);
    long a = c.integer("axis", 1);
    int axis = a == s.rank() ? s.rank() : Call.axis(a, s.rank());
    int rows = Math.toIntExact(s.size(0, axis));
    return c.tensor(0).reshape(rows, Math.toIntExact(s.size(axis, s.rank())));
  }

  private static Tensor squeeze(Call c) {
    Shape s = c.shape(0);
    boolean[] gone = new boolean[s.rank()];
    long[] axes = c.integersOf(1, "axes").orElse(null);
    for (int d = 0; d < gone.length; d++) {
      gone[d] = axes == null && s.dim(d) == 1;
    }
    if (axes != null) {
      for (long a : axes) {
        gone[Call.axis(a, s.rank())] = true;
      }
    }
    int[] dims = new int[s.rank()];
    int n = 0;
    for (int d = 0; d < gone.length; d++) {
      if (!gone[d]) {
        dims[n++] = s.dim(d);
      }
    }
    return c.tensor(0).reshape(Shape.of(Arrays.copyOf(dims, n)));
  }

  private static Tensor unsqueeze(Call c) {
    long[] axes = c.integersOf(1, "axes").orElse(new long[0]);
    Shape s = c.shape(0);
    int rank = s.rank() + axes.length;
    boolean[] added = new boolean[rank];
    for (long a : axes) {
      int axis = Call.axis(a, rank);
      if (added[axis]) {
        throw new IllegalArgumentException("axis " + a + " is named twice");
      }
      added[axis] = true;
    }
    int[] dims = new int[rank];
    int k = 0;
    for (int d = 0; d < rank; d++) {
      dims[d] = added[d] ? 1 : s.dim(k++);
    }
    return c.tensor(0).reshape(Shape.of(dims));
  }

  private static Tensor transpose(Call c) {
    int rank = c.rank(0);
    int[] order = new int[rank];
    long[] perm = c.integers("perm");
    if (c.set("perm") && perm.length != rank) {
      throw new IllegalArgumentException(
          "perm " + Arrays.toString(perm) + " of a tensor of rank " + rank);
    }
    for (int i = 0; i < rank; i++) {
      order[i] = c.set("perm") ? Call.axis(perm[i], rank) : rank - 1 - i;
    }
    return rank < 2 ? c.tensor(0) : c.tensor(0).permute(order);
  }

  private static Tensor concat(Call c) {
    Tensor[] parts = new Tensor[c.in().size()];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = c.tensor(i);
    }
    return Tensor.concat(Call.axis(c.integer("axis", 1), c.rank(0)), parts);
  }

  /** Elements of an axis by numbers that are known now; floats and integers. */
  static Tensor pick(Tensor x, int axis, int n, IntUnaryOperator index) {
    int[] at = new int[n];
    boolean run = n > 0;
    for (int i = 0; i < n; i++) {
      at[i] = index.applyAsInt(i);
      run &= at[i] == at[0] + i;
    }
    if (run) {
      return x.slice(axis, at[0], at[0] + n);
    }
    if (x.type() == DType.I32) {
      return Picks.alongAxis(x, axis, at);
    }
    return x.indexSelect(axis, Tensor.of(at).copy());
  }

  private static Tensor slice(Call c) {
    long[] from = c.integersOf(1, "starts").orElseThrow(IllegalArgumentException::new);
    long[] to = c.integersOf(2, "ends").orElseThrow(IllegalArgumentException::new);
    long[] axes = c.integersOf(3, "axes").orElse(null);
    Tensor x = c.tensor(0);
    for (int i = 0; i < from.length; i++) {
      int axis = axes == null ? i : Call.axis(axes[i], x.rank());
      long step = c.has(4) ? c.value(4).longs()[i] : 1;
      x = slice(x, axis, from[i], to[i], step);
    }
    return x;
  }

  private static Tensor slice(Tensor x, int axis, long from, long to, long step) {
    int d = x.dim(axis);
    if (step == 0) {
      throw new IllegalArgumentException("a slice with step 0");
    }
    long a = from < 0 ? from + d : from;
    long b = to < 0 ? Math.max(to, -d - 1L) + d : to;
    a = step > 0 ? Math.clamp(a, 0, d) : Math.clamp(a, 0, Math.max(0, d - 1));
    b = step > 0 ? Math.clamp(b, 0, d) : Math.clamp(b, -1, Math.max(0, d - 1));
    long n = d == 0 ? 0 : Math.max(0, Math.ceilDiv(b - a, step));
    if (n == 0) {
      return x.slice(axis, 0, 0);
    }
    if (n == d && step == 1) {
      return x;
    }
    long start = a;
    return pick(x, axis, (int) n, i -> (int) (start + i * step));
  }

  private static Value[] split(Call c) {
    Tensor x = c.tensor(0);
    int axis = Call.axis(c.integer("axis", 0), x.rank());
    int d = x.dim(axis);
    int parts = c.small("num_outputs", c.outputs());
    long each = Math.ceilDiv(d, Math.max(1, parts));
    long[] sizes = c.integersOf(1, "split").orElse(null);
    Value[] out = new Value[sizes == null ? parts : sizes.length];
    long at = 0;
    for (int i = 0; i < out.length; i++) {
      long n = sizes == null ? Math.min(each, d - at) : sizes[i];
      if (n < 0 || at + n > d) {
        throw new IllegalArgumentException("parts that do not make up an axis of " + d);
      }
      out[i] = Value.of(x.slice(axis, (int) at, (int) (at + n)), c.value(0).type());
      at += n;
    }
    return out;
  }

  private static Tensor gather(Call c) {
    Tensor x = c.tensor(0);
    int axis = Call.axis(c.integer("axis", 0), x.rank());
    Value index = c.value(1);
    int d = x.dim(axis);
    if (index.dynamic()) {
      return Picks.integers(x)
          ? Picks.gather(x, axis, index.tensor(), false)
          : Tensor.apply(new Gather(axis, false), x, wrapped(index, d));
    }
    long[] at = index.longs();
    Tensor y = pick(x, axis, at.length, i -> Call.axis(at[i], d));
    Shape s = x.shape().without(axis);
    for (int i = 0; i < index.shape().rank(); i++) {
      s = s.insert(axis + i, index.shape().dim(i));
    }
    return y.reshape(s);
  }

  /** Indices that count from the end, made to count from the start. */
  private static Tensor wrapped(Value index, int d) {
    Value zero = Value.ofLongs(new long[1], Shape.SCALAR, OnnxType.INT64);
    Value n = Value.ofLongs(new long[] {d}, Shape.SCALAR, OnnxType.INT64);
    Value negative = Arithmetic.integers(IntegerKind.LESS, index, zero);
    Value shift = Arithmetic.integers(IntegerKind.MUL, negative, n);
    return Arithmetic.integers(IntegerKind.ADD, index, shift).tensor();
  }

  private static Tensor gatherElements(Call c) {
    Tensor x = c.tensor(0);
    int axis = Call.axis(c.integer("axis", 0), x.rank());
    Value index = c.value(1);
    for (int d = 0; d < x.rank(); d++) {
      if (d != axis && d < index.shape().rank() && index.shape().dim(d) < x.dim(d)) {
        x = x.slice(d, 0, index.shape().dim(d));
      }
    }
    return Picks.integers(x)
        ? Picks.gather(x, axis, index.tensor(), true)
        : Tensor.apply(new Gather(axis, true), x, wrapped(index, x.dim(axis)));
  }

  private static Tensor expand(Call c) {
    Shape to = Call.bounded(c.value(1).longs());
    Shape both = c.shape(0).broadcast("expand", to);
    return both.equals(c.shape(0)) ? c.tensor(0) : c.tensor(0).expand(both.dims());
  }

  private static Tensor tile(Call c) {
    long[] times = c.value(1).longs();
    Tensor x = c.tensor(0);
    for (int d = 0; d < times.length; d++) {
      Call.bounded(times[d], x.size());
      if (times[d] == 0) {
        x = x.slice(d, 0, 0);
      } else if (times[d] > 1) {
        int[] dims = x.shape().dims();
        int[] wide = x.shape().insert(d, (int) times[d]).dims();
        dims[d] = Math.multiplyExact(dims[d], (int) times[d]);
        x = x.unsqueeze(d).expand(wide).reshape(dims);
      }
    }
    return x;
  }

  private static Tensor depthToSpace(Call c) {
    Shape s = c.shape(0);
    int b = c.small("blocksize", 1);
    int rest = s.dim(1) / (b * b);
    boolean columns = c.text("mode", "DCR").equals("CRD");
    Tensor x =
        columns
            ? c.tensor(0)
                .reshape(s.dim(0), rest, b, b, s.dim(2), s.dim(3))
                .permute(0, 1, 4, 2, 5, 3)
            : c.tensor(0)
                .reshape(s.dim(0), b, b, rest, s.dim(2), s.dim(3))
                .permute(0, 3, 4, 1, 5, 2);
    return x.reshape(s.dim(0), rest, s.dim(2) * b, s.dim(3) * b);
  }

  private static Tensor spaceToDepth(Call c) {
    Shape s = c.shape(0);
    int b = c.small("blocksize", 1);
    int h = s.dim(2) / b;
    int w = s.dim(3) / b;
    boolean crd = c.text("mode", "DCR").equals("CRD");
    return c.tensor(0)
        .reshape(s.dim(0), s.dim(1), h, b, w, b)
        .permute(crd ? new int[] {0, 1, 3, 5, 2, 4} : new int[] {0, 3, 5, 1, 2, 4})
        .reshape(s.dim(0), s.dim(1) * b * b, h, w);
  }
}
