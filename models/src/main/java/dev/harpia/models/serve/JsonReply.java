package dev.harpia.models.serve;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.harpia.tensor.DType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** What the server says in JSON. */
final class JsonReply {
  private static final JsonFactory JSON = new JsonFactory();

  /** Writes a document. */
  @FunctionalInterface
  private interface Body {
    void write(JsonGenerator g) throws IOException;
  }

  private JsonReply() {}

  private static byte[] document(Body body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator g = JSON.createGenerator(out)) {
      g.writeStartObject();
      body.write(g);
      g.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return out.toByteArray();
  }

  /** {@code {"outputs": {"y": {"shape": [1, 2], "data": [0.25, 0.75]}}}}. */
  static byte[] outputs(List<Port> ports, byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    return document(
        g -> {
          g.writeObjectFieldStart("outputs");
          for (Port p : ports) {
            g.writeObjectFieldStart(p.name());
            shape(g, p);
            g.writeArrayFieldStart("data");
            long n = p.shape().size();
            for (long i = 0; i < n; i++) {
              element(g, p, in);
            }
            g.writeEndArray();
            g.writeEndObject();
          }
          g.writeEndObject();
        });
  }

  private static void shape(JsonGenerator g, Port p) throws IOException {
    g.writeArrayFieldStart("shape");
    for (int d : p.shape().dims()) {
      g.writeNumber(d);
    }
    g.writeEndArray();
  }

  /** JSON has no NaN or infinity: they become null. */
  private static void element(JsonGenerator g, Port p, ByteBuffer in) throws IOException {
    if (p.type() == DType.I32) {
      g.writeNumber(in.getInt());
      return;
    }
    float v = in.getFloat();
    if (Float.isFinite(v)) {
      g.writeNumber(v);
    } else {
      g.writeNull();
    }
  }

  /** What the model takes and gives. */
  static byte[] model(String name, List<Port> inputs, List<Port> outputs) {
    return document(
        g -> {
          g.writeStringField("model", name);
          ports(g, "inputs", inputs);
          ports(g, "outputs", outputs);
        });
  }

  private static void ports(JsonGenerator g, String field, List<Port> ports) throws IOException {
    g.writeObjectFieldStart(field);
    for (Port p : ports) {
      g.writeObjectFieldStart(p.name());
      g.writeStringField("type", p.type().name());
      shape(g, p);
      g.writeEndObject();
    }
    g.writeEndObject();
  }

  /** One text. */
  static byte[] text(String field, String text) {
    return document(g -> g.writeStringField(field, text));
  }
}
