package dev.harpia.nn.io.onnx;

import dev.harpia.tensor.DType;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A value of a model while its plan is traced: 64-bit integers that are known now (shapes, axes,
 * indices), or a tensor, which may depend on the plan's inputs.
 */
final class Value {
  private static final int MOST_KEPT = 1 << 16;

  private final OnnxType type;
  private final Shape shape;
  private final long @Nullable [] longs;
  private @Nullable Tensor tensor;
  private boolean dynamic;

  private Value(OnnxType type, Shape shape, long @Nullable [] longs, @Nullable Tensor tensor) {
    this.type = type;
    this.shape = shape;
    this.longs = longs;
    this.tensor = tensor;
  }

  static Value of(Tensor t, OnnxType type) {
    return new Value(type, t.shape(), null, t);
  }

  static Value ofLongs(long[] v, Shape shape, OnnxType type) {
    if (v.length != shape.size()) {
      throw new IllegalArgumentException(v.length + " integers do not fill " + shape);
    }
    return new Value(type, shape, v, null);
  }

  static Value ofLongs(long... v) {
    return ofLongs(v, Shape.of(v.length), OnnxType.INT64);
  }

  /** A constant that outlives the tracing. */
  static Tensor constant(float[] v, Shape shape) {
    return Tensor.of(v, shape).copy();
  }

  /** A constant that outlives the tracing. */
  static Tensor constant(float v) {
    return Tensor.scalar(v).copy();
  }

  /** Integers as a constant tensor; each must fit 32 bits. */
  static Tensor ints(long[] v, Shape shape) {
    int[] i = new int[v.length];
    for (int k = 0; k < i.length; k++) {
      i[k] = (int) v[k];
      if (i[k] != v[k]) {
        throw new IllegalArgumentException(
            "the integer " + v[k] + " does not fit the 32 bits that tensors have");
      }
    }
    return Tensor.of(i, shape).copy();
  }

  OnnxType type() {
    return type;
  }

  boolean isFloat() {
    return type.isFloat();
  }

  Shape shape() {
    return shape;
  }

  /** Whether it depends on the plan's inputs. */
  boolean dynamic() {
    return dynamic;
  }

  /** Notes that it depends on the plan's inputs, unless it is known all the same. */
  void derived() {
    dynamic = longs == null;
  }

  /** Whether these are integers that are known now. */
  boolean knownIntegers() {
    return !isFloat() && !dynamic;
  }

  Tensor tensor() {
    Tensor t = tensor;
    if (t == null) {
      t = longs == null ? Tensor.zeros(shape) : ints(longs, shape);
      tensor = t;
    }
    return t;
  }

  /** Integers that are known now, and few, are kept as such. */
  Value settled() {
    boolean wanted = longs == null && knownIntegers() && shape.size() <= MOST_KEPT;
    return wanted ? ofLongs(longs(), shape, type) : this;
  }

  /** The elements as floats, whatever they are. */
  Tensor floats() {
    return isFloat() ? tensor() : Elementwise.toFloat(this);
  }

  /** Integers that are known now. */
  long[] longs() {
    if (longs != null) {
      return longs;
    }
    if (dynamic) {
      throw new NeedsConstantException();
    }
    Tensor t = tensor();
    long[] v = new long[Math.toIntExact(shape.size())];
    if (t.type() == DType.I32) {
      int[] i = t.toIntArray();
      for (int k = 0; k < v.length; k++) {
        v[k] = i[k];
      }
    } else {
      float[] f = t.toArray();
      for (int k = 0; k < v.length; k++) {
        v[k] = (long) f[k];
      }
    }
    return v;
  }

  /** Numbers that are known now. */
  float[] numbers() {
    if (longs != null) {
      float[] f = new float[longs.length];
      for (int i = 0; i < f.length; i++) {
        f[i] = longs[i];
      }
      return f;
    }
    if (dynamic) {
      throw new NeedsConstantException();
    }
    return tensor().toArray();
  }

  /** The only number. */
  float number() {
    float[] f = numbers();
    if (f.length != 1) {
      throw new IllegalArgumentException("expected one number, found " + shape);
    }
    return f[0];
  }
}
