package dev.harpia.nn.io.onnx;

import dev.harpia.simd.Vectors;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Reduce;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** Operators that make axes disappear. */
final class Reductions {
  /** Reduces the axes of a tensor. */
  @FunctionalInterface
  private interface Fold {
    Tensor apply(Tensor x, int[] axes);
  }

  private static final Fold SUM = (x, axes) -> Tensor.apply(Reduce.sum(axes), x);

  private Reductions() {}

  static void register(Operators.Registry r) {
    Fold mean = (x, axes) -> Tensor.apply(Reduce.mean(axes), x);
    UnaryOperator<Tensor> same = t -> t;
    r.add("ReduceSum", integersToo(IntegerKind.ADD, 0, reduce(SUM, same, same)));
    r.add("ReduceMean", reduce(mean, same, same));
    r.add("ReduceSumSquare", reduce(SUM, Tensor::square, same));
    r.add("ReduceL1", reduce(SUM, Tensor::abs, same));
    r.add("ReduceL2", reduce(SUM, Tensor::square, Tensor::sqrt));
    r.add("ReduceLogSum", reduce(SUM, same, Tensor::log));
    r.add("ReduceLogSumExp", reduce(each(Float.NEGATIVE_INFINITY, Tensor::logSumExp), same, same));
    r.add(
        "ReduceMax",
        integersToo(
            IntegerKind.MAX,
            Long.MIN_VALUE,
            reduce(each(Float.NEGATIVE_INFINITY, Tensor::max), same, same)));
    r.add(
        "ReduceMin",
        integersToo(
            IntegerKind.MIN,
            Long.MAX_VALUE,
            reduce(each(Float.POSITIVE_INFINITY, Tensor::min), same, same)));
    r.add("ReduceProd", integersToo(IntegerKind.MUL, 1, reduce(each(1, Tensor::prod), same, same)));
  }

  /**
   * Folds one axis after the other, the last one first.
   *
   * @param none what an axis without elements gives
   */
  private static Fold each(float none, BiFunction<Tensor, Integer, Tensor> f) {
    return (x, axes) -> {
      Tensor y = x;
      for (int k = axes.length - 1; k >= 0; k--) {
        if (y.dim(axes[k]) == 0) {
          Shape s = y.shape().without(axes[k]);
          float[] v = new float[Math.toIntExact(s.size())];
          Arrays.fill(v, none);
          y = Value.constant(v, s);
        } else {
          y = f.apply(y, axes[k]);
        }
      }
      return y;
    };
  }

  private static Optional<int[]> axes(Call c) {
    long[] given = c.integersOf(1, "axes").orElse(new long[0]);
    int rank = c.rank(0);
    if (given.length == 0) {
      int[] all = new int[rank];
      Arrays.setAll(all, i -> i);
      return c.flag("noop_with_empty_axes", false) ? Optional.empty() : Optional.of(all);
    }
    return Optional.of(
        Arrays.stream(given).mapToInt(a -> Call.axis(a, rank)).sorted().distinct().toArray());
  }

  private static Shape result(Call c, int[] axes) {
    Shape s = c.shape(0);
    List<Integer> dims = new ArrayList<>();
    boolean keep = c.flag("keepdims", true);
    for (int d = 0; d < s.rank(); d++) {
      if (Arrays.binarySearch(axes, d) < 0) {
        dims.add(s.dim(d));
      } else if (keep) {
        dims.add(1);
      }
    }
    return Shape.of(dims.stream().mapToInt(Integer::intValue).toArray());
  }

  private static Mapping reduce(
      Fold fold, UnaryOperator<Tensor> before, UnaryOperator<Tensor> after) {
    return Mapping.floats(
        c -> {
          Optional<int[]> axes = axes(c);
          Tensor x = before.apply(c.x(0));
          if (axes.isEmpty()) {
            return after.apply(x);
          }
          int[] a = axes.get();
          Tensor y = a.length == 0 ? x : fold.apply(x, a);
          return after.apply(y.reshape(result(c, a)));
        });
  }

  private static Mapping integersToo(IntegerKind kind, long start, Mapping floats) {
    return c -> {
      if (c.value(0).isFloat()) {
        return floats.apply(c);
      }
      Optional<int[]> axes = axes(c);
      if (axes.isEmpty()) {
        return new Value[] {c.value(0)};
      }
      if (!c.value(0).knownIntegers()) {
        return new Value[] {dynamic(c, kind, start, axes.get())};
      }
      return new Value[] {integers(c, kind, start, axes.get())};
    };
  }

  private static Value dynamic(Call c, IntegerKind kind, long start, int[] axes) {
    Shape to = result(c, axes);
    int[] places = places(c.shape(0), axes);
    OnnxType type = c.value(0).type();
    long[] sums = new long[Math.toIntExact(to.size())];
    PlainOp.Body body =
        (in, out) -> {
          synchronized (sums) {
            Arrays.fill(sums, start);
            for (int i = 0; i < places.length; i++) {
              long v = Vectors.getInt(in[0].address() + 4L * i);
              sums[places[i]] = kind.apply(sums[places[i]], v, type);
            }
            for (int i = 0; i < sums.length; i++) {
              Vectors.setInt(out[0].address() + 4L * i, Math.toIntExact(sums[i]));
            }
          }
        };
    return Value.of(PlainOp.ints("reduce", to, body, c.tensor(0)), type);
  }

  /** Where each element goes in a result without some axes. */
  private static int[] places(Shape s, int[] axes) {
    int[] places = new int[Math.toIntExact(s.size())];
    for (int i = 0; i < places.length; i++) {
      int rest = i;
      int step = 1;
      for (int d = s.rank() - 1; d >= 0; d--) {
        if (Arrays.binarySearch(axes, d) < 0) {
          places[i] += rest % s.dim(d) * step;
          step *= s.dim(d);
        }
        rest /= s.dim(d);
      }
    }
    return places;
  }

  private static Value integers(Call c, IntegerKind kind, long start, int[] axes) {
    Shape s = c.shape(0);
    Shape to = result(c, axes);
    long[] x = c.value(0).longs();
    long[] y = new long[Math.toIntExact(to.size())];
    Arrays.fill(y, start);
    int[] places = places(s, axes);
    for (int i = 0; i < x.length; i++) {
      y[places[i]] = kind.apply(y[places[i]], x[i], c.value(0).type());
    }
    return Value.ofLongs(y, to, c.value(0).type());
  }
}
