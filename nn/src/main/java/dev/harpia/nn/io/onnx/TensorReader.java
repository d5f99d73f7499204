package dev.harpia.nn.io.onnx;

import dev.harpia.tensor.DType;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a tensor message: its data may stand in one of several fields, or in another file. */
final class TensorReader {
  private static final int MOST_AXES = 16;
  private static final ValueLayout.OfFloat FLOATS =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Fields in;
  private final ExternalData external;
  private final Numbers dims = new Numbers();
  private final Numbers floats = new Numbers();
  private final Numbers doubles = new Numbers();
  private final Numbers integers = new Numbers();
  private final Map<String, String> entries = new HashMap<>();
  private OnnxType type = OnnxType.OTHER;
  private String name = "";
  private @Nullable ByteBuffer raw;
  private boolean outside;
  private String key = "";
  private String value = "";

  TensorReader(Fields in, ExternalData external) {
    this.in = in;
    this.external = external;
  }

  /** Reads the outermost message of a file. */
  OnnxTensor read() throws IOException {
    in.message(this::field);
    return make();
  }

  /** Reads the message in the present field. */
  OnnxTensor readNested() throws IOException {
    in.nested(this::field);
    return make();
  }

  private void field(int number) throws IOException {
    switch (number) {
      case 1 -> in.integers(dims);
      case 2 -> type = OnnxType.of(in.integer());
      case 4 -> in.fixed(floats, false);
      case 5, 7, 11 -> in.integers(integers);
      case 8 -> name = in.text();
      case 9 -> raw = in.raw();
      case 10 -> in.fixed(doubles, true);
      case 13 -> in.nested(this::entry);
      case 14 -> outside = in.integer() == 1;
      default -> in.skip();
    }
    if (number == 13) {
      entries.put(key, value);
    }
  }

  private void entry(int number) throws IOException {
    switch (number) {
      case 1 -> key = in.text();
      case 2 -> value = in.text();
      default -> in.skip();
    }
  }

  private OnnxTensor make() throws IOException {
    if (type == OnnxType.OTHER) {
      return new OnnxTensor(name, type, Shape.SCALAR, null, null);
    }
    Shape shape = shape();
    long n = shape.size();
    ByteBuffer bytes = outside ? external.read(entries, type.bytes(n), in.offset()) : raw;
    if (bytes != null) {
      if (bytes.remaining() != type.bytes(n)) {
        throw wrong(type.bytes(n) + " bytes", bytes.remaining());
      }
      bytes.order(ByteOrder.LITTLE_ENDIAN);
      return type.isFloat() ? rawFloats(shape, bytes) : rawIntegers(shape, bytes);
    }
    return type.isFloat() ? listedFloats(shape) : listedIntegers(shape);
  }

  private Shape shape() throws IOException {
    if (dims.size() > MOST_AXES) {
      throw in.fault("tensor " + name + ": expected at most " + MOST_AXES + " dimensions");
    }
    int[] d = new int[dims.size()];
    long n = 1;
    for (int i = 0; i < d.length; i++) {
      long dim = dims.get(i);
      if (dim < 0 || dim > Integer.MAX_VALUE) {
        throw in.fault("tensor " + name + ": expected a dimension up to 2^31 - 1, found " + dim);
      }
      d[i] = (int) dim;
      n *= Math.max(1, dim);
      if (n > Integer.MAX_VALUE) {
        throw in.fault("tensor " + name + ": expected at most 2^31 - 1 elements");
      }
    }
    return Shape.of(d);
  }

  private IOException wrong(String wanted, long found) {
    return in.fault("tensor " + name + ": expected " + wanted + ", found " + found);
  }

  private OnnxTensor rawFloats(Shape shape, ByteBuffer b) {
    Tensor t = Tensor.empty(shape, DType.F32);
    MemorySegment to = t.segment();
    int n = (int) shape.size();
    switch (type) {
      case FLOAT -> MemorySegment.copy(MemorySegment.ofBuffer(b), 0, to, 0, to.byteSize());
      case DOUBLE -> {
        for (int i = 0; i < n; i++) {
          to.set(FLOATS, 4L * i, (float) b.getDouble(8 * i));
        }
      }
      case FLOAT16 -> {
        for (int i = 0; i < n; i++) {
          to.set(FLOATS, 4L * i, Float.float16ToFloat(b.getShort(2 * i)));
        }
      }
      case BFLOAT16 -> {
        for (int i = 0; i < n; i++) {
          to.set(FLOATS, 4L * i, Float.intBitsToFloat(b.getShort(2 * i) << 16));
        }
      }
      default -> {
        for (int i = 0; i < n; i++) {
          to.set(FLOATS, 4L * i, NarrowFloats.decode(b.get(i), type));
        }
      }
    }
    return new OnnxTensor(name, type, shape, t.copy(), null);
  }

  private OnnxTensor rawIntegers(Shape shape, ByteBuffer b) {
    long[] v = new long[(int) shape.size()];
    for (int i = 0; i < v.length; i++) {
      v[i] =
          switch (type) {
            case BOOL -> b.get(i) == 0 ? 0 : 1;
            case UINT8 -> b.get(i) & 0xFF;
            case INT8 -> b.get(i);
            case UINT4, INT4 -> nibble(b.get(i / 2), i);
            case UINT16 -> b.getShort(2 * i) & 0xFFFF;
            case INT16 -> b.getShort(2 * i);
            case UINT32 -> b.getInt(4 * i) & 0xFFFFFFFFL;
            case INT32 -> b.getInt(4 * i);
            default -> b.getLong(8 * i);
          };
    }
    return new OnnxTensor(name, type, shape, null, v);
  }

  private OnnxTensor listedFloats(Shape shape) throws IOException {
    Numbers from =
        switch (type) {
          case FLOAT -> floats;
          case DOUBLE -> doubles;
          default -> integers;
        };
    if (from.size() != shape.size()) {
      throw wrong(shape.size() + " numbers", from.size());
    }
    float[] v = new float[from.size()];
    for (int i = 0; i < v.length; i++) {
      long bits = from.get(i);
      v[i] =
          switch (type) {
            case FLOAT -> Float.intBitsToFloat((int) bits);
            case DOUBLE -> (float) Double.longBitsToDouble(bits);
            case FLOAT16 -> Float.float16ToFloat((short) bits);
            case BFLOAT16 -> Float.intBitsToFloat((int) bits << 16);
            default -> NarrowFloats.decode((byte) bits, type);
          };
    }
    return new OnnxTensor(name, type, shape, Tensor.of(v, shape).copy(), null);
  }

  /** The lower half of a byte comes first. */
  private long nibble(long pair, int i) {
    return type.wrap(pair >> 4 * (i % 2));
  }

  private OnnxTensor listedIntegers(Shape shape) throws IOException {
    if (type == OnnxType.UINT4 || type == OnnxType.INT4) {
      long[] v = new long[(int) shape.size()];
      if (integers.size() != type.bytes(v.length)) {
        throw wrong(type.bytes(v.length) + " pairs of integers", integers.size());
      }
      Arrays.setAll(v, i -> nibble(integers.get(i / 2), i));
      return new OnnxTensor(name, type, shape, null, v);
    }
    if (integers.size() != shape.size()) {
      throw wrong(shape.size() + " integers", integers.size());
    }
    return new OnnxTensor(name, type, shape, null, integers.toArray());
  }
}
