package dev.harpia.nn.io.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes messages of the format by field numbers. */
final class ModelWriter {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

  private interface Write {
    void run() throws IOException;
  }

  private ModelWriter write(Write w) {
    try {
      w.run();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ModelWriter put(int field, long value) {
    return write(() -> out.writeInt64(field, value));
  }

  ModelWriter put(int field, String value) {
    return write(() -> out.writeString(field, value));
  }

  ModelWriter put(int field, float value) {
    return write(() -> out.writeFloat(field, value));
  }

  ModelWriter put(int field, ModelWriter value) {
    return write(() -> out.writeByteArray(field, value.toBytes()));
  }

  ModelWriter raw(int field, byte[] value) {
    return write(() -> out.writeBytes(field, ByteString.copyFrom(value)));
  }

  byte[] toBytes() {
    write(out::flush);
    return bytes.toByteArray();
  }

  // ---- parts of models

  static ModelWriter message() {
    return new ModelWriter();
  }

  static ModelWriter dims(ModelWriter tensor, long... dims) {
    for (long d : dims) {
      tensor.put(1, d);
    }
    return tensor;
  }

  static ModelWriter floats(String name, long[] dims, float... values) {
    ByteBuffer b = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    b.asFloatBuffer().put(values);
    return dims(message(), dims).put(2, 1).put(8, name).raw(9, b.array());
  }

  static ModelWriter longs(String name, long... values) {
    ByteBuffer b = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    b.asLongBuffer().put(values);
    return dims(message(), values.length).put(2, 7).put(8, name).raw(9, b.array());
  }

  static ModelWriter value(String name, int type, int... dims) {
    ModelWriter shape = message();
    for (int d : dims) {
      shape.put(1, message().put(1, (long) d));
    }
    return message().put(1, name).put(2, message().put(1, message().put(1, type).put(2, shape)));
  }

  static ModelWriter node(String op, String inputs, String outputs, ModelWriter... attributes) {
    ModelWriter n = message();
    for (String in : inputs.split(" ")) {
      n.put(1, in);
    }
    for (String o : outputs.split(" ")) {
      n.put(2, o);
    }
    n.put(3, "the_" + outputs).put(4, op);
    for (ModelWriter a : attributes) {
      n.put(5, a);
    }
    return n;
  }

  static ModelWriter ints(String name, long... values) {
    ModelWriter a = message().put(1, name);
    for (long v : values) {
      a.put(8, v);
    }
    return a;
  }

  static byte[] model(int opset, ModelWriter graph) {
    return message()
        .put(1, 8)
        .put(2, "test")
        .put(7, graph)
        .put(8, message().put(2, opset))
        .toBytes();
  }

  /** A convolution with batch-norm, ReLU, a shape computation and a product. */
  static byte[] small() {
    ModelWriter g = message();
    g.put(1, node("Conv", "x w b", "c", ints("pads", 1, 1, 1, 1)));
    g.put(1, node("BatchNormalization", "c gamma beta mean var", "n"));
    g.put(1, node("Relu", "n", "r"));
    g.put(1, node("Shape", "r", "s"));
    g.put(1, node("Gather", "s zero", "batch"));
    g.put(1, node("Concat", "batch rest", "to", message().put(1, "axis").put(3, 0)));
    g.put(1, node("Reshape", "r to", "flat"));
    g.put(1, node("MatMul", "flat m", "y"));
    g.put(2, "small");
    g.put(5, floats("w", new long[] {2, 1, 3, 3}, values(18)));
    g.put(5, floats("b", new long[] {2}, 0.5f, -0.25f));
    g.put(5, floats("gamma", new long[] {2}, 1.5f, 0.5f));
    g.put(5, floats("beta", new long[] {2}, 0.1f, 0.2f));
    g.put(5, floats("mean", new long[] {2}, 0.3f, -0.1f));
    g.put(5, floats("var", new long[] {2}, 0.7f, 1.3f));
    g.put(5, longs("zero", 0));
    g.put(5, longs("rest", -1));
    g.put(5, floats("m", new long[] {32, 3}, values(96)));
    g.put(11, value("x", 1, 1, 1, 4, 4));
    g.put(12, value("y", 1, 1, 3));
    return model(17, g);
  }

  static float[] values(int n) {
    float[] v = new float[n];
    for (int i = 0; i < n; i++) {
      v[i] = (i * 37 % 23 - 11) / 10f;
    }
    return v;
  }
}
