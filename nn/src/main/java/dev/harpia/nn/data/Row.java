package dev.harpia.nn.data;

import dev.harpia.tensor.DType;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * The place of one example in a batch: a window that moves over the rows of the batch's memory, so
 * that filling a batch makes no garbage. Elements are numbered row by row.
 */
public final class Row {
  private final Shape shape;
  private final DType type;
  private final int size;
  private MemorySegment memory = MemorySegment.NULL;
  private long at;

  Row(Shape shape, DType type) {
    this.shape = shape;
    this.type = type;
    this.size = Math.toIntExact(shape.size());
  }

  /** Shows row {@code row} of a batch. */
  void show(MemorySegment batch, int row) {
    memory = batch;
    at = 4L * row * size;
  }

  /** The shape of one example. */
  public Shape shape() {
    return shape;
  }

  /** The type of its elements. */
  public DType type() {
    return type;
  }

  /** The number of its elements. */
  public int size() {
    return size;
  }

  /** Element {@code i}. */
  public float get(int i) {
    return memory.get(ValueLayout.JAVA_FLOAT, place(DType.F32, i));
  }

  /** Sets element {@code i}. */
  public void set(int i, float value) {
    memory.set(ValueLayout.JAVA_FLOAT, place(DType.F32, i), value);
  }

  /** Integer {@code i}. */
  public int getInt(int i) {
    return memory.get(ValueLayout.JAVA_INT, place(DType.I32, i));
  }

  /** Sets integer {@code i}. */
  public void setInt(int i, int value) {
    memory.set(ValueLayout.JAVA_INT, place(DType.I32, i), value);
  }

  /** Overwrites all elements with those of an array from {@code from} on. */
  public void copyFrom(float[] values, int from) {
    require(DType.F32);
    MemorySegment.copy(values, from, memory, ValueLayout.JAVA_FLOAT, at, size);
  }

  /** Overwrites all integers with those of an array from {@code from} on. */
  public void copyFrom(int[] values, int from) {
    require(DType.I32);
    MemorySegment.copy(values, from, memory, ValueLayout.JAVA_INT, at, size);
  }

  /** Copies all elements to the front of an array. */
  public void copyTo(float[] values) {
    require(DType.F32);
    MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, at, values, 0, size);
  }

  /** Overwrites all elements with row {@code row} of a tensor's memory. */
  void copyFrom(MemorySegment source, int row) {
    MemorySegment.copy(source, 4L * row * size, memory, at, 4L * size);
  }

  private long place(DType wanted, int i) {
    require(wanted);
    return at + 4L * Objects.checkIndex(i, size);
  }

  private void require(DType wanted) {
    if (type != wanted) {
      throw new IllegalArgumentException(
          "row " + shape + " holds " + type + "; it was used as " + wanted);
    }
  }

  /** Memory for {@code n} of these. */
  Tensor batch(int n) {
    return Tensor.empty(shape.insert(0, n), type);
  }
}
