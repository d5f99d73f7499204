package dev.harpia.tensor;

import java.util.Arrays;

/**
 * The dimensions of a tensor, outermost first. A scalar has rank 0; a dimension may be 0.
 * Immutable.
 */
public final class Shape {
  /** The shape of a scalar. */
  public static final Shape SCALAR = new Shape(new int[0]);

  private final int[] dims;
  private final long size;

  private Shape(int[] dims) {
    long n = 1;
    for (int d : dims) {
      if (d < 0) {
        throw new IllegalArgumentException(
            "shape: " + Arrays.toString(dims) + ": dimensions must be at least 0");
      }
      n = Math.multiplyExact(n, (long) d);
    }
    this.dims = dims;
    this.size = n;
  }

  /** A shape of these dimensions. */
  public static Shape of(int... dims) {
    return dims.length == 0 ? SCALAR : new Shape(dims.clone());
  }

  /** The number of dimensions. */
  public int rank() {
    return dims.length;
  }

  /** Dimension {@code axis}; negative axes count from the end. */
  public int dim(int axis) {
    return dims[axis(axis)];
  }

  /** The number of elements. */
  public long size() {
    return size;
  }

  /** A copy of the dimensions. */
  public int[] dims() {
    return dims.clone();
  }

  /** The non-negative form of an axis, which may count from the end. */
  public int axis(int axis) {
    int a = axis < 0 ? axis + dims.length : axis;
    if (a < 0 || a >= dims.length) {
      throw new IndexOutOfBoundsException(
          "axis " + axis + " of " + this + ": rank is " + dims.length);
    }
    return a;
  }

  /** This shape with another dimension at {@code axis}. */
  public Shape with(int axis, int dim) {
    int a = axis(axis);
    if (dims[a] == dim) {
      return this;
    }
    int[] d = dims.clone();
    d[a] = dim;
    return new Shape(d);
  }

  /** This shape without {@code axis}. */
  public Shape without(int axis) {
    int a = axis(axis);
    int[] d = new int[dims.length - 1];
    System.arraycopy(dims, 0, d, 0, a);
    System.arraycopy(dims, a + 1, d, a, d.length - a);
    return new Shape(d);
  }

  /** This shape with a new dimension before {@code axis}, which may be the rank. */
  public Shape insert(int axis, int dim) {
    int a = axis < 0 ? axis + dims.length + 1 : axis;
    if (a < 0 || a > dims.length) {
      throw new IndexOutOfBoundsException("axis " + axis + " to insert into " + this);
    }
    int[] d = new int[dims.length + 1];
    System.arraycopy(dims, 0, d, 0, a);
    d[a] = dim;
    System.arraycopy(dims, a, d, a + 1, dims.length - a);
    return new Shape(d);
  }

  /** The number of elements of the dimensions {@code from … to−1}. */
  public long size(int from, int to) {
    long n = 1;
    for (int i = from; i < to; i++) {
      n *= dims[i];
    }
    return n;
  }

  /**
   * The shape that elementwise operations on {@code this} and {@code other} have, by NumPy's
   * broadcasting rule.
   */
  public Shape broadcast(String operation, Shape other) {
    if (equals(other)) {
      return this;
    }
    int rank = Math.max(dims.length, other.dims.length);
    int[] d = new int[rank];
    for (int i = 1; i <= rank; i++) {
      int a = i <= dims.length ? dims[dims.length - i] : 1;
      int b = i <= other.dims.length ? other.dims[other.dims.length - i] : 1;
      if (a != b && a != 1 && b != 1) {
        throw new ShapeException(
            operation,
            "dimension -" + i + " is " + a + " and " + b + "; they must be equal, or one of them 1",
            this,
            other);
      }
      d[rank - i] = a == 1 ? b : a;
    }
    return new Shape(d);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Shape s && Arrays.equals(dims, s.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  @Override
  public String toString() {
    return Arrays.toString(dims);
  }
}
