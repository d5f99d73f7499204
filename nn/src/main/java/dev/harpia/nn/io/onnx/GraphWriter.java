package dev.harpia.nn.io.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Writes a graph field by field; the numbers are those of the format's schema. */
final class GraphWriter {
  private static final int FLOAT = 1;
  private static final int INT32 = 6;
  private static final int INT64 = 7;
  private static final int IR_VERSION = 8;

  /** Writes the fields of a message. */
  private interface Fields {
    void write(CodedOutputStream out) throws IOException;
  }

  /** A setting of a node: a Long, long[], Float, String or list of strings. */
  record Attribute(String name, Object value) {}

  private final List<byte[]> nodes = new ArrayList<>();
  private final List<byte[]> constants = new ArrayList<>();
  private final List<byte[]> inputs = new ArrayList<>();
  private final List<byte[]> outputs = new ArrayList<>();
  private final Set<String> taken = new HashSet<>();
  private long bytes;
  private int fresh;

  private static byte[] message(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      fields.write(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return bytes.toByteArray();
  }

  /** A name that nothing has yet. */
  String name(String wanted) {
    String n = wanted;
    while (!taken.add(n)) {
      n = wanted + "_" + ++fresh;
    }
    return n;
  }

  private static byte[] value(String name, Shape shape, DType type) {
    byte[] dims =
        message(
            out -> {
              for (int d : shape.dims()) {
                out.writeByteArray(1, message(f -> f.writeInt64(1, d)));
              }
            });
    byte[] tensor =
        message(
            out -> {
              out.writeInt32(1, type == DType.F32 ? FLOAT : INT32);
              out.writeByteArray(2, dims);
            });
    return message(
        out -> {
          out.writeString(1, name);
          out.writeByteArray(2, message(f -> f.writeByteArray(1, tensor)));
        });
  }

  void input(String name, Shape shape, DType type) {
    inputs.add(value(name, shape, type));
  }

  void output(String name, Shape shape, DType type) {
    outputs.add(value(name, shape, type));
  }

  /** A tensor's present elements. */
  String constant(String wanted, Tensor t) {
    int n = Math.toIntExact(t.size());
    ByteBuffer b = ByteBuffer.allocate(Math.multiplyExact(4, n)).order(ByteOrder.LITTLE_ENDIAN);
    if (t.type() == DType.F32) {
      b.asFloatBuffer().put(t.toArray());
      return tensor(wanted, FLOAT, t.shape(), b);
    }
    b.asIntBuffer().put(t.toIntArray());
    return tensor(wanted, INT32, t.shape(), b);
  }

  String longs(long... v) {
    ByteBuffer b = ByteBuffer.allocate(8 * v.length).order(ByteOrder.LITTLE_ENDIAN);
    b.asLongBuffer().put(v);
    return tensor("shape", INT64, Shape.of(v.length), b);
  }

  private String tensor(String wanted, int type, Shape shape, ByteBuffer data) {
    String name = name(wanted);
    bytes += data.capacity();
    if (bytes > Integer.MAX_VALUE - (64 << 20)) {
      throw new IllegalArgumentException("onnx: a model of more than 2 GiB, the format's limit");
    }
    constants.add(
        message(
            out -> {
              for (int d : shape.dims()) {
                out.writeInt64(1, d);
              }
              out.writeInt32(2, type);
              out.writeString(8, name);
              out.writeBytes(9, ByteString.copyFrom(data));
            }));
    return name;
  }

  void node(String type, List<String> in, List<String> out, Attribute... attributes) {
    nodes.add(
        message(
            o -> {
              for (String s : in) {
                o.writeString(1, s);
              }
              for (String s : out) {
                o.writeString(2, s);
              }
              o.writeString(3, type + "_" + nodes.size());
              o.writeString(4, type);
              for (Attribute a : attributes) {
                o.writeByteArray(5, message(f -> write(f, a)));
              }
            }));
  }

  private static void write(CodedOutputStream out, Attribute a) throws IOException {
    out.writeString(1, a.name);
    switch (a.value) {
      case Float f -> {
        out.writeFloat(2, f);
        out.writeInt32(20, 1);
      }
      case Long i -> {
        out.writeInt64(3, i);
        out.writeInt32(20, 2);
      }
      case String s -> {
        out.writeString(4, s);
        out.writeInt32(20, 3);
      }
      case long[] v -> {
        for (long i : v) {
          out.writeInt64(8, i);
        }
        out.writeInt32(20, 7);
      }
      case List<?> l -> {
        for (Object s : l) {
          out.writeString(9, s.toString());
        }
        out.writeInt32(20, 8);
      }
      default -> throw new IllegalArgumentException(a.toString());
    }
  }

  /** The whole file. */
  void writeTo(OutputStream to, int opset) throws IOException {
    byte[] graph =
        message(
            out -> {
              for (byte[] n : nodes) {
                out.writeByteArray(1, n);
              }
              out.writeString(2, "harpia");
              for (byte[] c : constants) {
                out.writeByteArray(5, c);
              }
              for (byte[] i : inputs) {
                out.writeByteArray(11, i);
              }
              for (byte[] o : outputs) {
                out.writeByteArray(12, o);
              }
            });
    CodedOutputStream out = CodedOutputStream.newInstance(to);
    out.writeInt64(1, IR_VERSION);
    out.writeString(2, "harpia");
    out.writeByteArray(7, graph);
    out.writeByteArray(8, message(f -> f.writeInt64(2, opset)));
    out.flush();
  }
}
