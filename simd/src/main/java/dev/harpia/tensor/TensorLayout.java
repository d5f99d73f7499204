package dev.harpia.tensor;

import dev.harpia.tensor.op.Concat;
import dev.harpia.tensor.op.Expand;
import dev.harpia.tensor.op.Gather;
import dev.harpia.tensor.op.Permute;
import dev.harpia.tensor.op.Reshape;
import dev.harpia.tensor.op.Slice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How {@link Tensor}s are rearranged, cut and joined. */
public abstract sealed class TensorLayout permits TensorMath {
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
