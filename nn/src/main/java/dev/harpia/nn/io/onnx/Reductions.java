package dev.harpia.nn.io.onnx;

import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Reduce;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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
    r.add("ReduceLogSumExp", reduce(each(Tensor::logSumExp), same, same));
    r.add(
        "ReduceMax",
        integersToo(IntegerKind.MAX, Long.MIN_VALUE, reduce(each(Tensor::max), same, same)));
    r.add(
        "ReduceMin",
        integersToo(IntegerKind.MIN, Long.MAX_VALUE, reduce(each(Tensor::min), same, same)));
    r.add("ReduceProd", integersToo(IntegerKind.MUL, 1, Reductions::products));
    r.add("ArgMax", c -> arg(c, true));
    r.add("ArgMin", c -> arg(c, false));
  }

  private static Value[] products(Call c) {
    // a product of floats: multiplied one slice after the other
    return reduce(Reductions::product, t -> t, t -> t).apply(c);
  }

  private static Tensor product(Tensor x, int[] axes) {
    Tensor y = x;
    for (int k = axes.length - 1; k >= 0; k--) {
      int d = y.dim(axes[k]);
      if (d == 0 || d > 4096) {
        throw new UnsupportedCase("a product along an axis of " + d);
      }
      Tensor p = y.select(axes[k], 0);
      for (int i = 1; i < d; i++) {
        p = p.mul(y.select(axes[k], i));
      }
      y = p;
    }
    return y;
  }

  /** Folds one axis after the other, the last one first. */
  private static Fold each(java.util.function.BiFunction<Tensor, Integer, Tensor> f) {
    return (x, axes) -> {
      Tensor y = x;
      for (int k = axes.length - 1; k >= 0; k--) {
        if (y.dim(axes[k]) == 0) {
          throw new UnsupportedCase("the extreme of an empty axis");
        }
        y = f.apply(y, axes[k]);
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
      if (!c.value(0).knownIntegers()) {
        throw c.unsupported("integers that depend on the input");
      }
      Optional<int[]> axes = axes(c);
      if (axes.isEmpty()) {
        return new Value[] {c.value(0)};
      }
      return new Value[] {integers(c, kind, start, axes.get())};
    };
  }

  private static Value integers(Call c, IntegerKind kind, long start, int[] axes) {
    Shape s = c.shape(0);
    Shape to = result(c, axes);
    long[] x = c.value(0).longs();
    long[] y = new long[Math.toIntExact(to.size())];
    Arrays.fill(y, start);
    for (int i = 0; i < x.length; i++) {
      int rest = i;
      int at = 0;
      int step = 1;
      for (int d = s.rank() - 1; d >= 0; d--) {
        if (Arrays.binarySearch(axes, d) < 0) {
          at += rest % s.dim(d) * step;
          step *= s.dim(d);
        }
        rest /= s.dim(d);
      }
      y[at] = kind.apply(y[at], x[i]);
    }
    return Value.ofLongs(y, to, c.value(0).type());
  }

  private static Value[] arg(Call c, boolean max) {
    if (c.flag("select_last_index", false)) {
      throw c.unsupported("the last of equals");
    }
    Tensor x = c.x(0);
    int axis = Call.axis(c.integer("axis", 0), x.rank());
    Tensor y = (max ? x.maxWithIndex(axis) : x.minWithIndex(axis)).get(1);
    Tensor shaped = c.flag("keepdims", true) ? y.unsqueeze(axis) : y;
    return new Value[] {Value.of(shaped, OnnxType.INT64)};
  }
}
