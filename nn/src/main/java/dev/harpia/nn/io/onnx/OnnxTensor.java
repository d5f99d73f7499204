package dev.harpia.nn.io.onnx;

import dev.harpia.tensor.DType;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A constant of a model, or a tensor in a file of its own. Floating-point elements are rounded to
 * F32, all others are kept as 64-bit integers.
 */
public final class OnnxTensor {
  private final String name;
  private final OnnxType type;
  private final Shape shape;
  private final @Nullable Tensor floats;
  private final long @Nullable [] longs;

  OnnxTensor(
      String name, OnnxType type, Shape shape, @Nullable Tensor floats, long @Nullable [] longs) {
    this.name = name;
    this.type = type;
    this.shape = shape;
    this.floats = floats;
    this.longs = longs;
  }

  /** Reads a file that holds one tensor, as the format's test data have them. */
  public static OnnxTensor load(Path file) throws IOException {
    Fields fields = Fields.of(file);
    OnnxTensor t = new TensorReader(fields, ExternalData.none(file)).read();
    if (t.type == OnnxType.OTHER) {
      throw new UnsupportedNodesException(file, List.of("a tensor that is not of numbers"));
    }
    return t;
  }

  /** A tensor as it is: floats or 32-bit integers. */
  public static OnnxTensor of(String name, Tensor tensor) {
    if (tensor.type() == DType.F32) {
      return new OnnxTensor(name, OnnxType.FLOAT, tensor.shape(), tensor.copy(), null);
    }
    int[] ints = tensor.toIntArray();
    long[] longs = new long[ints.length];
    for (int i = 0; i < longs.length; i++) {
      longs[i] = ints[i];
    }
    return new OnnxTensor(name, OnnxType.INT32, tensor.shape(), null, longs);
  }

  /** The name; may be empty. */
  public String name() {
    return name;
  }

  /** The elements' type in the file. */
  public OnnxType type() {
    return type;
  }

  /** The dimensions. */
  public Shape shape() {
    return shape;
  }

  /** The elements as a tensor; integers must fit 32 bits. */
  public Tensor tensor() {
    return floats != null ? floats : Value.ints(longs(), shape);
  }

  /** The elements of an integer tensor. */
  public long[] longs() {
    if (longs == null) {
      throw new IllegalStateException("onnx: tensor " + name + " holds no integers");
    }
    return longs;
  }

  /** 16-bit integers taken as the bits of bfloat16 numbers, which some writers store as such. */
  public OnnxTensor bfloat16() {
    if (type == OnnxType.BFLOAT16) {
      return this;
    }
    if (type != OnnxType.UINT16) {
      throw new IllegalArgumentException("onnx: " + this + ": expected UINT16 or BFLOAT16");
    }
    long[] bits = longs();
    float[] v = new float[bits.length];
    for (int i = 0; i < v.length; i++) {
      v[i] = Float.intBitsToFloat((int) bits[i] << 16);
    }
    Tensor t = Tensor.of(v, shape).copy();
    return new OnnxTensor(name, OnnxType.BFLOAT16, shape, t, null);
  }

  Value value() {
    if (floats != null) {
      return Value.of(floats, type);
    }
    return Value.ofLongs(longs(), shape, type);
  }

  @Override
  public String toString() {
    return name + " " + type + " " + shape;
  }
}
