package dev.harpia.nn.plan;

import dev.harpia.nn.plan.Graph.Step;
import dev.harpia.nn.plan.Graph.Value;
import dev.harpia.tensor.op.Permute;
import dev.harpia.tensor.op.Reshape;
import dev.harpia.tensor.op.Slice;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the elements of a value lie in an earlier one, from which it came by slices, permutations,
 * reshapes and factors: what a kernel that takes strides can read without those copies.
 *
 * @param source the earlier value
 * @param offset of the first element, in elements
 * @param dims the value's shape
 * @param strides elements from one index of an axis to the next
 * @param scale what the elements are still to be multiplied by
 */
record StridedView(Value source, long offset, List<Integer> dims, List<Long> strides, Scale scale) {
  /** Steps that are looked back over; a file may hold any number. */
  static final int FARTHEST = 32;

  static StridedView of(Value v) {
    return of(v, FARTHEST);
  }

  private static StridedView of(Value v, int steps) {
    Step from = v.producer;
    if (from == null || v.constant || steps == 0) {
      return whole(v);
    }
    return switch (from.op) {
      case Permute p -> of(from.in[0], steps - 1).permute(p.order());
      case Slice s -> of(from.in[0], steps - 1).slice(s);
      case Reshape _ -> {
        StridedView w = of(from.in[0], steps - 1).reshape(boxed(v));
        yield w == null ? whole(v) : w;
      }
      default -> {
        Scale.Factor factor = Scale.factor(from);
        yield factor == null ? whole(v) : of(factor.of(), steps - 1).times(factor);
      }
    };
  }

  /** The value itself. */
  static StridedView whole(Value v) {
    List<Integer> dims = boxed(v);
    Long[] strides = new Long[dims.size()];
    long next = 1;
    for (int i = strides.length - 1; i >= 0; i--) {
      strides[i] = next;
      next *= dims.get(i);
    }
    return new StridedView(v, 0, dims, List.of(strides), Scale.ONE);
  }

  private static List<Integer> boxed(Value v) {
    return Arrays.stream(v.shape.dims()).boxed().toList();
  }

  int rank() {
    return dims.size();
  }

  /** Length of an axis; 1 for the axes that are missing before the first. */
  int dim(int axisOfFour) {
    int i = axisOfFour - 4 + rank();
    return i < 0 ? 1 : dims.get(i);
  }

  /** Elements from one index of an axis to the next, where the axis is longer than 1. */
  long stride(int axisOfFour) {
    int i = axisOfFour - 4 + rank();
    return i < 0 ? 0 : strides.get(i);
  }

  /** Whether the elements of the last axis are neighbours. */
  boolean rows() {
    return dim(3) == 1 || stride(3) == 1;
  }

  StridedView permute(List<Integer> order) {
    return new StridedView(
        source,
        offset,
        order.stream().map(dims::get).toList(),
        order.stream().map(strides::get).toList(),
        scale);
  }

  /** With the last two axes exchanged. */
  StridedView swapped() {
    return permute(exchanged(rank()));
  }

  /** The order of axes in which the last two are exchanged. */
  static List<Integer> exchanged(int rank) {
    Integer[] order = new Integer[rank];
    Arrays.setAll(order, i -> i);
    order[rank - 1] = rank - 2;
    order[rank - 2] = rank - 1;
    return List.of(order);
  }

  private StridedView slice(Slice s) {
    Integer[] d = dims.toArray(Integer[]::new);
    d[s.axis()] = s.to() - s.from();
    long at = offset + s.from() * strides.get(s.axis());
    return new StridedView(source, at, List.of(d), strides, scale);
  }

  private StridedView times(Scale.Factor f) {
    return new StridedView(source, offset, dims, strides, scale.times(f));
  }

  /** Null where the elements would not lie at equal distances. */
  private @Nullable StridedView reshape(List<Integer> to) {
    int[] d = dims.stream().mapToInt(Integer::intValue).filter(n -> n != 1).toArray();
    long[] s = new long[d.length];
    for (int i = 0, k = 0; i < rank(); i++) {
      if (dims.get(i) != 1) {
        s[k++] = strides.get(i);
      }
    }
    if (dims.contains(0)) {
      return null;
    }
    Long[] result = new Long[to.size()];
    Arrays.fill(result, 1L);
    int j = 0;
    for (int i = 0; i < d.length; ) { // axes i to m of old become axes j to n of new
      int m = i + 1;
      int n = j + 1;
      long old = d[i];
      long now = to.get(j);
      while (old != now) {
        if (old < now) {
          if (s[m - 1] != s[m] * d[m]) {
            return null;
          }
          old *= d[m++];
        } else {
          now *= to.get(n++);
        }
      }
      long stride = s[m - 1];
      for (int k = n - 1; k >= j; k--) {
        result[k] = stride;
        stride *= to.get(k);
      }
      i = m;
      j = n;
    }
    return new StridedView(source, offset, to, List.of(result), scale);
  }
}
