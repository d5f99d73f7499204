package dev.harpia.nn.io.onnx;

import dev.harpia.simd.Vectors;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/** Operators that take elements, floats or integers, from places that they compute. */
final class Picks {
  private Picks() {}

  static void register(Operators.Registry r) {
    r.add("Trilu", Mapping.one(Picks::trilu));
    r.add("CenterCropPad", Mapping.one(Picks::centerCropPad));
    r.add("Compress", Mapping.one(Picks::compress));
    r.add("GatherND", Mapping.one(Picks::gatherNd));
    r.add("ReverseSequence", Mapping.one(Picks::reverseSequence));
  }

  /**
   * The elements at flat places that are known now.
   *
   * @param place the place of each element of the result; −1 where it is 0
   */
  static Tensor at(String name, Tensor x, Shape shape, IntUnaryOperator place) {
    int[] from = new int[Math.toIntExact(shape.size())];
    Arrays.setAll(from, place);
    return PlainOp.apply(
        name,
        x.type(),
        shape,
        (in, out) -> {
          long a = in[0].address();
          long b = out[0].address();
          for (int i = 0; i < from.length; i++) {
            int bits = from[i] < 0 ? 0 : Vectors.getInt(a + 4L * from[i]);
            Vectors.setInt(b + 4L * i, bits);
          }
        },
        x);
  }

  /** Elements of an axis by numbers that are known now. */
  static Tensor alongAxis(Tensor x, int axis, int[] index) {
    Shape s = x.shape();
    int inner = Math.toIntExact(s.size(axis + 1, s.rank()));
    int n = index.length;
    int d = s.dim(axis);
    return at(
        "pick",
        x,
        s.with(axis, n),
        i -> (i / (n * inner) * d + index[i / inner % n]) * inner + i % inner);
  }

  private static Tensor trilu(Call c) {
    Tensor x = c.tensor(0);
    boolean upper = c.flag("upper", true);
    long k = c.has(1) ? c.value(1).longs()[0] : 0;
    int rows = x.dim(-2);
    int columns = x.dim(-1);
    return at(
        "trilu",
        x,
        x.shape(),
        i -> {
          long above = i % columns - (long) (i / columns % rows) - k;
          return (upper ? above >= 0 : above <= 0) ? i : -1;
        });
  }

  private static Tensor centerCropPad(Call c) {
    Tensor x = c.tensor(0);
    long[] to = c.value(1).longs();
    long[] axes = c.integers("axes");
    for (int i = 0; i < to.length; i++) {
      int axis = c.set("axes") ? Call.axis(axes[i], x.rank()) : i;
      int d = x.dim(axis);
      int n = Call.bounded(to[i], Math.max(1, x.size() / Math.max(1, d))).dim(0);
      int shift = n > d ? -((n - d) / 2) : (d - n) / 2;
      if (n < d) {
        x = x.slice(axis, shift, shift + n);
      } else if (n > d) {
        int inner = Math.toIntExact(x.shape().size(axis + 1, x.rank()));
        x =
            at(
                "centerCropPad",
                x,
                x.shape().with(axis, n),
                k -> {
                  int at = k / inner % n + shift;
                  return at < 0 || at >= d ? -1 : (k / (n * inner) * d + at) * inner + k % inner;
                });
      }
    }
    return x;
  }

  private static Tensor compress(Call c) {
    Tensor x = c.set("axis") ? c.tensor(0) : c.tensor(0).reshape(-1);
    int axis = Call.axis(c.integer("axis", 0), x.rank());
    long[] keep = c.value(1).longs();
    int d = x.dim(axis);
    if (keep.length > d) {
      throw new IllegalArgumentException(keep.length + " conditions for an axis of " + d);
    }
    int[] index = new int[keep.length];
    int n = 0;
    for (int i = 0; i < keep.length; i++) {
      if (keep[i] != 0) {
        index[n++] = i;
      }
    }
    return alongAxis(x, axis, Arrays.copyOf(index, n));
  }

  /** Steps of the first axes of a shape, in elements. */
  static int[] strides(Shape s) {
    int[] step = new int[s.rank()];
    for (int d = 0; d < step.length; d++) {
      step[d] = Math.toIntExact(s.size(d + 1, s.rank()));
    }
    return step;
  }

  private static Tensor gatherNd(Call c) {
    Tensor x = c.tensor(0);
    Shape s = x.shape();
    Tensor index = c.tensor(1);
    int batch = c.small("batch_dims", 0);
    int depth = index.dim(-1);
    if (batch < 0 || batch + depth > s.rank() || depth < 1) {
      throw new IllegalArgumentException(
          "indices of " + depth + " after " + batch + " batch axes into " + s);
    }
    int[] dims = Arrays.copyOf(index.shape().dims(), index.rank() - 1 + s.rank() - batch - depth);
    for (int d = batch + depth; d < s.rank(); d++) {
      dims[index.rank() - 1 + d - batch - depth] = s.dim(d);
    }
    int[] step = strides(s);
    int inner = Math.toIntExact(s.size(batch + depth, s.rank()));
    int rows = depth == 0 ? 0 : Math.toIntExact(index.size() / depth);
    int batches = Math.toIntExact(s.size(0, batch));
    int each = batches == 0 ? 0 : rows / batches;
    int size = Math.toIntExact(s.size(batch, s.rank()));
    return PlainOp.apply(
        "gatherND",
        x.type(),
        Call.bounded(Arrays.stream(dims).asLongStream().toArray()),
        (in, out) -> {
          long at = in[1].address();
          for (int r = 0; r < rows; r++) {
            long place = (long) (r / each) * size;
            for (int k = 0; k < depth; k++) {
              int i = Vectors.getInt(at + 4L * (r * depth + k));
              place += (long) index("GatherND", i, s.dim(batch + k)) * step[batch + k];
            }
            Vectors.copy(
                in[0].address() + 4 * place, out[0].address() + 4L * r * inner, 4L * inner);
          }
        },
        x,
        index);
  }

  /** An index that may count from the end. */
  static int index(String name, int i, int d) {
    int k = i < 0 ? i + d : i;
    if (k < 0 || k >= d) {
      throw new IndexOutOfBoundsException(name + ": index " + i + " into an axis of " + d);
    }
    return k;
  }

  private static Tensor reverseSequence(Call c) {
    Tensor x = c.tensor(0);
    int time = Call.axis(c.integer("time_axis", 0), x.rank());
    int batch = Call.axis(c.integer("batch_axis", 1), x.rank());
    if (time + batch != 1) {
      throw new IllegalArgumentException("time_axis and batch_axis must be 0 and 1");
    }
    int steps = x.dim(time);
    int n = x.dim(batch);
    int inner = Math.toIntExact(x.shape().size(2, x.rank()));
    long perStep = 4L * inner * (time == 0 ? n : 1);
    long perSequence = 4L * inner * (time == 0 ? 1 : steps);
    return PlainOp.apply(
        "reverseSequence",
        x.type(),
        x.shape(),
        (in, out) -> {
          for (int b = 0; b < n; b++) {
            int length = Vectors.getInt(in[1].address() + 4L * b);
            if (length < 0 || length > steps) {
              throw new IndexOutOfBoundsException(
                  "ReverseSequence: length " + length + " of " + steps + " steps");
            }
            for (int t = 0; t < steps; t++) {
              int from = t < length ? length - 1 - t : t;
              Vectors.copy(
                  in[0].address() + from * perStep + b * perSequence,
                  out[0].address() + t * perStep + b * perSequence,
                  4L * inner);
            }
          }
        },
        x,
        c.tensor(1));
  }

  /** Elements of an axis by indices that depend on the input; floats or integers. */
  static Tensor gather(Tensor x, int axis, Tensor index, boolean elementwise) {
    Shape s = x.shape();
    int inner = Math.toIntExact(s.size(axis + 1, s.rank()));
    int d = s.dim(axis);
    Shape to = s.without(axis);
    for (int i = 0; i < index.rank(); i++) {
      to = to.insert(axis + i, index.dim(i));
    }
    Shape shape = elementwise ? index.shape() : to;
    int picked = elementwise ? index.dim(axis) : Math.toIntExact(index.size());
    int n = Math.toIntExact(shape.size());
    return PlainOp.apply(
        "gather",
        x.type(),
        shape,
        (in, out) -> {
          long at = in[1].address();
          for (int i = 0; i < n; i++) {
            int number = elementwise ? i : i / inner % picked;
            int k = index("Gather", Vectors.getInt(at + 4L * number), d);
            long from = (long) (i / (picked * inner) * d + k) * inner + i % inner;
            Vectors.setInt(out[0].address() + 4L * i, Vectors.getInt(in[0].address() + 4 * from));
          }
        },
        x,
        index);
  }

  static boolean integers(Tensor x) {
    return x.type() == DType.I32;
  }
}
