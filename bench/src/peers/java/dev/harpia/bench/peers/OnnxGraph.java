package dev.harpia.bench.peers;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Writes an ONNX model field by field (the numbers are those of onnx.proto): enough for the
 * benchmarks' graphs, with random weights.
 */
final class OnnxGraph {
  private static final int FLOAT = 1;
  private static final int INT64 = 7;
  private static final int OPSET = 20;

  /** Writes the fields of a message. */
  private interface Fields {
    void write(CodedOutputStream out) throws IOException;
  }

  private final List<byte[]> nodes = new ArrayList<>();
  private final List<byte[]> constants = new ArrayList<>();
  private final List<byte[]> inputs = new ArrayList<>();
  private final List<byte[]> outputs = new ArrayList<>();
  private final Random random = new Random(1);
  private int names;

  /** An attribute of a node: an int, ints, a float or a string. */
  record Attribute(String name, Object value) {}

  static Attribute attribute(String name, Object value) {
    return new Attribute(name, value);
  }

  String input(String name, long... dims) throws IOException {
    inputs.add(valueInfo(name, FLOAT, dims));
    return name;
  }

  String indices(String name, long... dims) throws IOException {
    inputs.add(valueInfo(name, INT64, dims));
    return name;
  }

  void output(String name, long... dims) throws IOException {
    outputs.add(valueInfo(name, FLOAT, dims));
  }

  /** Uniform weights with bound 1/√fanIn. */
  String weight(long fanIn, long... dims) throws IOException {
    float bound = (float) (1 / Math.sqrt(fanIn));
    float[] v = new float[size(dims)];
    for (int i = 0; i < v.length; i++) {
      v[i] = bound * (2 * random.nextFloat() - 1);
    }
    return constant(v, dims);
  }

  String ones(long n) throws IOException {
    float[] v = new float[(int) n];
    java.util.Arrays.fill(v, 1);
    return constant(v, n);
  }

  String constant(float[] v, long... dims) throws IOException {
    ByteBuffer b = ByteBuffer.allocate(4 * v.length).order(ByteOrder.LITTLE_ENDIAN);
    b.asFloatBuffer().put(v);
    return tensor(FLOAT, b, dims);
  }

  String constant(long[] v, long... dims) throws IOException {
    ByteBuffer b = ByteBuffer.allocate(8 * v.length).order(ByteOrder.LITTLE_ENDIAN);
    b.asLongBuffer().put(v);
    return tensor(INT64, b, dims);
  }

  private String tensor(int type, ByteBuffer data, long... dims) throws IOException {
    String name = fresh();
    constants.add(
        message(
            out -> {
              for (long d : dims) {
                out.writeInt64(1, d);
              }
              out.writeInt32(2, type);
              out.writeString(8, name);
              out.writeBytes(9, ByteString.copyFrom(data));
            }));
    return name;
  }

  /** A node with one output, whose name is returned. */
  String node(String type, List<String> in, Attribute... attributes) throws IOException {
    String name = fresh();
    node(type, in, List.of(name), attributes);
    return name;
  }

  void node(String type, List<String> in, List<String> out, Attribute... attributes)
      throws IOException {
    nodes.add(
        message(
            o -> {
              for (String s : in) {
                o.writeString(1, s);
              }
              for (String s : out) {
                o.writeString(2, s);
              }
              o.writeString(4, type);
              for (Attribute a : attributes) {
                o.writeByteArray(5, message(f -> write(f, a)));
              }
            }));
  }

  private static void write(CodedOutputStream f, Attribute a) throws IOException {
    f.writeString(1, a.name);
    switch (a.value) {
      case Integer i -> {
        f.writeInt64(3, i);
        f.writeInt32(20, 2);
      }
      case Float v -> {
        f.writeFloat(2, v);
        f.writeInt32(20, 1);
      }
      case String s -> {
        f.writeBytes(4, ByteString.copyFromUtf8(s));
        f.writeInt32(20, 3);
      }
      case long[] v -> {
        for (long i : v) {
          f.writeInt64(8, i);
        }
        f.writeInt32(20, 7);
      }
      default -> throw new IllegalArgumentException("attribute " + a);
    }
  }

  /** The model's bytes. */
  byte[] bytes() throws IOException {
    byte[] graph =
        message(
            o -> {
              for (byte[] n : nodes) {
                o.writeByteArray(1, n);
              }
              o.writeString(2, "bench");
              for (byte[] c : constants) {
                o.writeByteArray(5, c);
              }
              for (byte[] i : inputs) {
                o.writeByteArray(11, i);
              }
              for (byte[] i : outputs) {
                o.writeByteArray(12, i);
              }
            });
    return message(
        o -> {
          o.writeInt64(1, 9);
          o.writeByteArray(7, graph);
          o.writeByteArray(8, message(v -> v.writeInt64(2, OPSET)));
        });
  }

  private static byte[] valueInfo(String name, int type, long... dims) throws IOException {
    byte[] shape =
        message(
            o -> {
              for (long d : dims) {
                o.writeByteArray(1, message(x -> x.writeInt64(1, d)));
              }
            });
    byte[] tensor =
        message(
            o -> {
              o.writeInt32(1, type);
              o.writeByteArray(2, shape);
            });
    return message(
        o -> {
          o.writeString(1, name);
          o.writeByteArray(2, message(t -> t.writeByteArray(1, tensor)));
        });
  }

  private static byte[] message(Fields fields) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    fields.write(out);
    out.flush();
    return bytes.toByteArray();
  }

  private static int size(long... dims) {
    long n = 1;
    for (long d : dims) {
      n *= d;
    }
    return Math.toIntExact(n);
  }

  private String fresh() {
    return "node" + names++;
  }
}
