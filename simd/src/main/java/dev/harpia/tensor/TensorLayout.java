package dev.harpia.tensor;

import dev.harpia.simd.AxisMap;
import dev.harpia.tensor.op.AxisCopy;
import dev.harpia.tensor.op.Concat;
import dev.harpia.tensor.op.Expand;
import dev.harpia.tensor.op.Gather;
import dev.harpia.tensor.op.Permute;
import dev.harpia.tensor.op.Reshape;
import dev.harpia.tensor.op.ScatterAdd;
import dev.harpia.tensor.op.Slice;
import dev.harpia.tensor.op.Triangle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How {@link Tensor}s are rearranged, cut and joined. */
public abstract sealed class TensorLayout permits TensorOrder {
  TensorLayout() {}

  abstract Tensor self();

  /**
   * The same elements in another shape; one dimension may be −1 and is worked out. Shares memory.
   */
  public final Tensor reshape(int... dims) {
    return Tensor.apply(Reshape.to(self().shape(), dims), self());
  }

  /** The same elements in another shape. Shares memory. */
  public final Tensor reshape(Shape shape) {
    return reshape(shape.dims());
  }

  /** Joins all axes from {@code axis} on into one. Shares memory. */
  public final Tensor flatten(int axis) {
    int[] d = self().shape().dims();
    int a = self().shape().axis(axis);
    int[] to = Arrays.copyOf(d, a + 1);
    to[a] = -1;
    if (self().size() == 0) {
      to[a] = (int) self().shape().size(a, d.length);
    }
    return reshape(to);
  }

  /** Inserts an axis of length 1. Shares memory. */
  public final Tensor unsqueeze(int axis) {
    return reshape(self().shape().insert(axis, 1));
  }

  /** Removes an axis of length 1. Shares memory. */
  public final Tensor squeeze(int axis) {
    Shape s = self().shape();
    if (s.dim(axis) != 1) {
      throw new ShapeException(
          "squeeze", "axis " + axis + " has length " + s.dim(axis) + ", not 1", s);
    }
    return reshape(s.without(axis));
  }

  /** Indices {@code from … to−1} of an axis. Shares memory for the leading axis. */
  public final Tensor slice(int axis, int from, int to) {
    return Tensor.apply(Slice.of(self().shape(), axis, from, to), self());
  }

  /** Indices {@code from, from + step, …} of an axis, below {@code to}. */
  public final Tensor slice(int axis, int from, int to, int step) {
    return step == 1
        ? slice(axis, from, to)
        : Tensor.apply(AxisCopy.step(self().shape(), axis, from, to, step), self());
  }

  /** Index {@code index} of an axis, which disappears. */
  public final Tensor select(int axis, int index) {
    int n = self().shape().dim(axis);
    int i = index < 0 ? index + n : index;
    return slice(axis, i, i + 1).squeeze(axis);
  }

  /** Cuts an axis into {@code parts} equal parts. */
  public final List<Tensor> split(int parts, int axis) {
    int n = self().shape().dim(axis);
    if (parts <= 0 || n % parts != 0) {
      throw new ShapeException(
          "split",
          "axis " + axis + " of length " + n + " does not fall into " + parts + " equal parts",
          self().shape());
    }
    List<Tensor> result = new ArrayList<>(parts);
    for (int i = 0; i < parts; i++) {
      result.add(slice(axis, i * (n / parts), (i + 1) * (n / parts)));
    }
    return result;
  }

  /** Cuts an axis into parts of these sizes, which add up to its length. */
  public final List<Tensor> split(int[] sizes, int axis) {
    long total = 0;
    for (int size : sizes) {
      total += size;
    }
    if (total != self().dim(axis)) {
      throw new ShapeException(
          "split",
          "parts "
              + Arrays.toString(sizes)
              + " have "
              + total
              + " elements together, axis "
              + axis
              + " has "
              + self().dim(axis),
          self().shape());
    }
    List<Tensor> result = new ArrayList<>(sizes.length);
    int from = 0;
    for (int size : sizes) {
      result.add(slice(axis, from, from + size));
      from += size;
    }
    return result;
  }

  /** Reorders the axes: axis i of the result is axis {@code order[i]} of this. */
  public final Tensor permute(int... order) {
    return Tensor.apply(Permute.of(self().shape(), order), self());
  }

  /** Exchanges two axes. */
  public final Tensor transpose(int a, int b) {
    int[] order = new int[self().rank()];
    Arrays.setAll(order, i -> i);
    int x = self().shape().axis(a);
    int y = self().shape().axis(b);
    order[x] = y;
    order[y] = x;
    return permute(order);
  }

  /** Joins tensors along an axis. */
  public static Tensor concat(int axis, Tensor... parts) {
    return Tensor.apply(new Concat(axis), parts);
  }

  /** Joins tensors of equal shape along a new axis. */
  public static Tensor stack(int axis, Tensor... parts) {
    Tensor[] p = new Tensor[parts.length];
    for (int i = 0; i < parts.length; i++) {
      p[i] = parts[i].unsqueeze(axis < 0 ? axis + parts[i].rank() + 1 : axis);
    }
    return concat(axis < 0 ? axis + parts[0].rank() + 1 : axis, p);
  }

  /** Repeats axes of length 1 so that the shape becomes {@code dims}. */
  public final Tensor expand(int... dims) {
    return Tensor.apply(new Expand(Shape.of(dims)), self());
  }

  /** Repeats the whole tensor {@code times[i]} times along axis i. */
  public final Tensor repeat(int... times) {
    if (times.length != self().rank()) {
      throw new ShapeException(
          "repeat",
          Arrays.toString(times) + " must have a number for each of the axes",
          self().shape());
    }
    Tensor t = self();
    for (int a = 0; a < times.length; a++) {
      if (times[a] < 0) {
        throw new IllegalArgumentException(
            "repeat: " + Arrays.toString(times) + " must not be negative");
      }
      if (times[a] != 1) {
        int n = Math.multiplyExact(t.dim(a), times[a]);
        t = Tensor.apply(new AxisCopy(AxisMap.PAD_CIRCULAR, a, n, 0, 0, 0), t);
      }
    }
    return t;
  }

  /** The elements of axes in reverse order. */
  public final Tensor flip(int... axes) {
    Tensor t = self();
    for (int a : axes) {
      t = Tensor.apply(new AxisCopy(AxisMap.FLIP, a, t.dim(a), 0, 0, 0), t);
    }
    return t;
  }

  /** Moves the elements of an axis by {@code shift}; those pushed out come in at the other end. */
  public final Tensor roll(int shift, int axis) {
    int n = self().dim(axis);
    return Tensor.apply(new AxisCopy(AxisMap.PAD_CIRCULAR, axis, n, shift, 0, 0), self());
  }

  /**
   * Adds elements before and after an axis.
   *
   * @param value of the new elements where the mode is {@link Padding#CONSTANT}
   */
  public final Tensor pad(int axis, int before, int after, Padding mode, float value) {
    return before == 0 && after == 0
        ? self()
        : Tensor.apply(AxisCopy.pad(self().shape(), axis, before, after, mode, value), self());
  }

  /** Adds zeros before and after an axis. */
  public final Tensor pad(int axis, int before, int after) {
    return pad(axis, before, after, Padding.CONSTANT, 0);
  }

  /** Pads the last two axes of pictures. */
  public final Tensor pad2d(Padding mode, float value, int left, int right, int top, int bottom) {
    return pad(-1, left, right, mode, value).pad(-2, top, bottom, mode, value);
  }

  /**
   * Matrices with what lies above a diagonal set to zero; diagonal 0 is the main one, positive ones
   * lie above it. Shapes: [.., M, N].
   */
  public final Tensor tril(int diagonal) {
    return Tensor.apply(new Triangle(true, diagonal), self());
  }

  /**
   * Matrices with what lies below a diagonal set to zero; diagonal 0 is the main one, positive ones
   * lie above it. Shapes: [.., M, N].
   */
  public final Tensor triu(int diagonal) {
    return Tensor.apply(new Triangle(false, diagonal), self());
  }

  /**
   * Adds the elements of {@code source} where {@code index} (I32, of the same shape) says along an
   * axis: {@code y[.., index[i], ..] += source[.., i, ..]}.
   */
  public final Tensor scatterAdd(int axis, Tensor index, Tensor source) {
    return Tensor.apply(new ScatterAdd(axis), self(), index, source);
  }

  /**
   * Ones at the places that classes (I32, [..]) name, zeros elsewhere. Shapes: [..] to [.., C], as
   * I32.
   */
  public static Tensor oneHot(Tensor classes, int count) {
    int[] c = classes.toIntArray();
    int[] y = new int[Math.multiplyExact(c.length, count)];
    for (int i = 0; i < c.length; i++) {
      if (c[i] < 0 || c[i] >= count) {
        throw new IndexOutOfBoundsException(
            "oneHot: class " + c[i] + " at position " + i + ": classes are 0 to " + (count - 1));
      }
      y[i * count + c[i]] = 1;
    }
    return Tensor.of(y, classes.shape().insert(classes.rank(), count));
  }

  /** The elements at {@code index} (I32, [K]) along an axis. */
  public final Tensor indexSelect(int axis, Tensor index) {
    return Tensor.apply(new Gather(axis, false), self(), index);
  }

  /**
   * Element {@code index[..]} along an axis for each position of {@code index} (I32, of this rank).
   */
  public final Tensor gather(int axis, Tensor index) {
    return Tensor.apply(new Gather(axis, true), self(), index);
  }

  /** Rows of this table [V, D] at integer positions of any shape [..]. Shapes: to [.., D]. */
  public final Tensor embedding(Tensor index) {
    return Tensor.apply(new Gather(0, false), self(), index);
  }
}
