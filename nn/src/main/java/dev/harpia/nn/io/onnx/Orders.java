package dev.harpia.nn.io.onnx;

import dev.harpia.simd.Vectors;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Order;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Largest elements, running sums and distinct elements. */
final class Orders {
  private Orders() {}

  static void register(Operators.Registry r) {
    r.add("TopK", Orders::topK);
    r.add("CumSum", Mapping.one(Orders::cumSum));
    r.add("Hardmax", Mapping.floats(Orders::hardmax));
    r.add("Unique", Orders::unique);
    r.add("ArgMax", c -> arg(c, true));
    r.add("ArgMin", c -> arg(c, false));
  }

  private static Value[] topK(Call c) {
    Tensor x = c.tensor(0);
    int axis = Call.axis(c.integer("axis", -1), x.rank());
    long k = c.opset() < 10 ? c.integer("k", 1) : c.value(1).longs()[0];
    if (k < 0 || k > x.dim(axis)) {
      throw new IllegalArgumentException(k + " elements of an axis of " + x.dim(axis));
    }
    boolean largest = c.flag("largest", true);
    if (x.type() == DType.I32 && (double) k * k * x.size() > 1L << 34) {
      throw c.unsupported("the " + k + " largest of so many integers");
    }
    int last = x.rank() - 1;
    Tensor rows = axis == last ? x : x.transpose(axis, last);
    Tensor[] found =
        x.type() == DType.F32
            ? Tensor.applyAll(new Order((int) k, largest), rows)
            : topIntegers(rows, (int) k, largest);
    Tensor values = axis == last ? found[0] : found[0].transpose(axis, last);
    Tensor places = axis == last ? found[1] : found[1].transpose(axis, last);
    return new Value[] {Value.of(values, c.value(0).type()), Value.of(places, OnnxType.INT64)};
  }

  private static Tensor[] topIntegers(Tensor x, int k, boolean largest) {
    int n = x.dim(-1);
    Shape shape = x.shape().with(x.rank() - 1, k);
    long rows = n == 0 ? 0 : x.size() / n;
    PlainOp.Body body =
        (in, out) -> {
          for (long r = 0; r < rows; r++) {
            long row = in[0].address() + 4 * r * n;
            long places = out[1].address() + 4 * r * k;
            for (int j = 0; j < k; j++) {
              int best = -1;
              for (int i = 0; i < n; i++) {
                boolean taken = false;
                for (int t = 0; t < j; t++) {
                  taken |= Vectors.getInt(places + 4L * t) == i;
                }
                int v = Vectors.getInt(row + 4L * i);
                int b = best < 0 ? v : Vectors.getInt(row + 4L * best);
                best = !taken && (best < 0 || (largest ? v > b : v < b)) ? i : best;
              }
              Vectors.setInt(places + 4L * j, best);
              Vectors.setInt(out[0].address() + 4 * (r * k + j), Vectors.getInt(row + 4L * best));
            }
          }
        };
    return PlainOp.applyAll("topk", new DType[] {DType.I32}, new Shape[] {shape, shape}, body, x);
  }

  private static Tensor cumSum(Call c) {
    Tensor x = c.tensor(0);
    int axis = Call.axis(c.value(1).longs()[0], x.rank());
    boolean exclusive = c.flag("exclusive", false);
    boolean reverse = c.flag("reverse", false);
    int d = x.dim(axis);
    long inner = x.shape().size(axis + 1, x.rank());
    long outer = x.shape().size(0, axis);
    boolean integers = x.type() == DType.I32;
    PlainOp.Body body =
        (in, out) -> {
          for (long r = 0; r < outer * inner; r++) {
            long at = 4 * (r / inner * d * inner + r % inner);
            double sum = 0;
            for (int k = 0; k < d; k++) {
              long e = at + 4 * inner * (reverse ? d - 1 - k : k);
              long from = in[0].address() + e;
              double v = integers ? Vectors.getInt(from) : Vectors.get(from);
              double y = exclusive ? sum : sum + v;
              sum += v;
              if (integers) {
                Vectors.setInt(out[0].address() + e, Math.toIntExact((long) y));
              } else {
                Vectors.set(out[0].address() + e, (float) y);
              }
            }
          }
        };
    return PlainOp.apply("cumsum", x.type(), x.shape(), body, x);
  }

  /** 1 at the first largest element, 0 elsewhere; up to operator set 12 over all later axes. */
  private static Tensor hardmax(Call c) {
    Tensor x = c.x(0);
    boolean old = c.opset() < 13;
    int axis = Call.axis(c.integer("axis", old ? 1 : -1), x.rank());
    int d = old ? Math.toIntExact(x.shape().size(axis, x.rank())) : x.dim(axis);
    long inner = old ? 1 : x.shape().size(axis + 1, x.rank());
    long outer = x.shape().size(0, axis);
    PlainOp.Body body =
        (in, out) -> {
          Vectors.zero(out[0].address(), 4 * out[0].size());
          for (long r = 0; r < outer * inner; r++) {
            long at = 4 * (r / inner * d * inner + r % inner);
            long best = at;
            for (int k = 1; k < d; k++) {
              long e = at + 4 * inner * k;
              best =
                  Vectors.get(in[0].address() + e) > Vectors.get(in[0].address() + best) ? e : best;
            }
            Vectors.set(out[0].address() + best, 1);
          }
        };
    return PlainOp.floats("hardmax", x.shape(), body, x);
  }

  private static Value[] arg(Call c, boolean max) {
    Tensor x = c.tensor(0);
    int axis = Call.axis(c.integer("axis", 0), x.rank());
    boolean last = c.flag("select_last_index", false);
    Tensor y =
        x.type() == DType.F32 && !last
            ? (max ? x.maxWithIndex(axis) : x.minWithIndex(axis)).get(1)
            : arg(x, axis, max, last);
    Tensor shaped = c.flag("keepdims", true) ? y.unsqueeze(axis) : y;
    return new Value[] {Value.of(shaped, OnnxType.INT64)};
  }

  private static Tensor arg(Tensor x, int axis, boolean max, boolean last) {
    int d = x.dim(axis);
    long inner = x.shape().size(axis + 1, x.rank());
    boolean integers = x.type() == DType.I32;
    PlainOp.Body body =
        (in, out) -> {
          for (long r = 0; r < out[0].size(); r++) {
            long at = in[0].address() + 4 * (r / inner * d * inner + r % inner);
            int best = 0;
            double value = 0;
            for (int k = 0; k < d; k++) {
              long e = at + 4 * inner * k;
              double v = integers ? Vectors.getInt(e) : Vectors.get(e);
              boolean better = k == 0 || (max ? v > value : v < value) || last && v == value;
              best = better ? k : best;
              value = better ? v : value;
            }
            Vectors.setInt(out[0].address() + 4 * r, best);
          }
        };
    return PlainOp.ints("arg", x.shape().without(axis), body, x);
  }

  /** Distinct elements or slices; how many there are must be known now. */
  private static Value[] unique(Call c) {
    boolean whole = !c.set("axis");
    Shape s = whole ? Shape.of(Math.toIntExact(c.shape(0).size())) : c.shape(0);
    int axis = whole ? 0 : Call.axis(c.integer("axis", 0), s.rank());
    float[] v = c.value(0).numbers();
    int d = s.dim(axis);
    int inner = Math.toIntExact(s.size(axis + 1, s.rank()));
    int outer = Math.toIntExact(s.size(0, axis));
    Comparator<Integer> order =
        (a, b) -> {
          for (int o = 0; o < outer; o++) {
            for (int i = 0; i < inner; i++) {
              int at = o * d * inner + i;
              int by = Float.compare(v[at + a * inner], v[at + b * inner]);
              if (by != 0) {
                return by;
              }
            }
          }
          return 0;
        };
    List<Integer> sorted = IntStream.range(0, d).boxed().sorted(order).toList();
    List<Integer> first = new ArrayList<>();
    List<Integer> group = new ArrayList<>();
    for (int i : sorted) {
      boolean fresh = first.isEmpty() || order.compare(first.getLast(), i) != 0;
      if (fresh) {
        first.add(i);
      }
      group.add(first.size() - 1);
    }
    int n = first.size();
    Integer[] shown = IntStream.range(0, n).boxed().toArray(Integer[]::new);
    if (!c.flag("sorted", true)) {
      Arrays.sort(shown, Comparator.comparing(first::get));
    }
    long[] rank = new long[n];
    long[] indices = new long[n];
    for (int k = 0; k < n; k++) {
      rank[shown[k]] = k;
      indices[k] = first.get(shown[k]);
    }
    long[] inverse = new long[d];
    long[] counts = new long[n];
    for (int i = 0; i < d; i++) {
      inverse[sorted.get(i)] = rank[group.get(i)];
      counts[(int) rank[group.get(i)]]++;
    }
    int[] picked = Arrays.stream(indices).mapToInt(Math::toIntExact).toArray();
    Tensor x = whole ? c.tensor(0).reshape(-1) : c.tensor(0);
    return new Value[] {
      Value.of(Picks.alongAxis(x, axis, picked), c.value(0).type()),
      Value.ofLongs(indices),
      Value.ofLongs(inverse),
      Value.ofLongs(counts)
    };
  }
}
