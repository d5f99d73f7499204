package dev.harpia.models.serve;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads <code>{"inputs": {"x": [[1, 2], [3, 4]]}}</code> into bytes. A value is nested lists in the
 * input's shape, or one flat list of its elements. Nothing of a request is trusted.
 */
final class JsonRequest {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(32)
                  .maxNumberLength(64)
                  .maxStringLength(1024)
                  .maxNameLength(1024)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private final JsonParser in;
  private final List<Port> ports;
  private final ByteBuffer bytes;

  private JsonRequest(JsonParser in, List<Port> ports) {
    this.in = in;
    this.ports = ports;
    bytes = ByteBuffer.allocate(Predictor.bytes(ports)).order(ByteOrder.LITTLE_ENDIAN);
  }

  static byte[] read(byte[] body, List<Port> ports) throws HttpFault {
    try (JsonParser in = JSON.createParser(body)) {
      JsonRequest request = new JsonRequest(in, ports);
      request.document();
      return request.bytes.array();
    } catch (JsonProcessingException e) {
      throw new HttpFault(400, "JSON: " + e.getOriginalMessage() + at(e.getLocation()));
    } catch (IOException e) {
      throw new HttpFault(400, "JSON: " + e.getMessage());
    }
  }

  private static String at(@Nullable JsonLocation l) {
    return l == null ? "" : " at line " + l.getLineNr() + ", column " + l.getColumnNr();
  }

  private HttpFault wrong(String expected) {
    return new HttpFault(400, "JSON: expected " + expected + at(in.currentTokenLocation()));
  }

  private void document() throws IOException, HttpFault {
    if (in.nextToken() != JsonToken.START_OBJECT
        || !"inputs".equals(in.nextFieldName())
        || in.nextToken() != JsonToken.START_OBJECT) {
      throw wrong("{\"inputs\": {…}}");
    }
    Set<String> seen = new HashSet<>();
    for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
      Port port = port(name);
      seen.add(name);
      bytes.position(offset(port));
      in.nextToken();
      value(port);
    }
    if (in.currentToken() != JsonToken.END_OBJECT
        || in.nextToken() != JsonToken.END_OBJECT
        || in.nextToken() != null) {
      throw wrong("nothing but \"inputs\"");
    }
    for (Port p : ports) {
      if (!seen.contains(p.name())) {
        throw new HttpFault(400, "inputs: no value for " + p);
      }
    }
  }

  private Port port(String name) throws HttpFault {
    for (Port p : ports) {
      if (p.name().equals(name)) {
        return p;
      }
    }
    throw new HttpFault(
        400,
        "inputs: none is called \""
            + name
            + "\"; there are "
            + ports.stream().map(Port::name).toList());
  }

  private int offset(Port port) {
    return Predictor.bytes(ports.subList(0, ports.indexOf(port)));
  }

  private void value(Port port) throws IOException, HttpFault {
    Shape shape = port.shape();
    if (shape.rank() == 0 || in.currentToken() != JsonToken.START_ARRAY) {
      number(port);
      if (shape.size() != 1) {
        throw wrong("lists of shape " + shape + " for " + port.name());
      }
      return;
    }
    if (shape.rank() > 1 && in.nextToken() == JsonToken.START_ARRAY) {
      nested(port, shape, 1);
      for (int i = 1; i < shape.dim(0); i++) {
        in.nextToken();
        nested(port, shape, 1);
      }
      end(port, "a list of shape " + shape);
      return;
    }
    if (shape.rank() == 1) {
      in.nextToken();
    }
    for (long i = 0; i < shape.size(); i++) {
      number(port);
      in.nextToken();
    }
    if (in.currentToken() != JsonToken.END_ARRAY) {
      throw wrong(shape.size() + " numbers for " + port.name() + ", found more");
    }
  }

  /** The current token begins the list at a level. */
  private void nested(Port port, Shape shape, int level) throws IOException, HttpFault {
    if (in.currentToken() != JsonToken.START_ARRAY) {
      throw wrong("a list, as " + port.name() + " has shape " + shape);
    }
    for (int i = 0; i < shape.dim(level); i++) {
      in.nextToken();
      if (level == shape.rank() - 1) {
        number(port);
      } else {
        nested(port, shape, level + 1);
      }
    }
    end(port, "a list of " + shape.dim(level) + ", as " + port.name() + " has shape " + shape);
  }

  private void end(Port port, String what) throws IOException, HttpFault {
    if (in.nextToken() != JsonToken.END_ARRAY) {
      throw wrong(what + " for " + port.name());
    }
  }

  private void number(Port port) throws IOException, HttpFault {
    JsonToken token = in.currentToken();
    if (port.type() == DType.I32) {
      if (token != JsonToken.VALUE_NUMBER_INT) {
        throw wrong("a whole number for " + port);
      }
      bytes.putInt(in.getIntValue()); // out of range is an exception
      return;
    }
    if (token == null || !token.isNumeric()) {
      throw wrong("a number for " + port);
    }
    float value = in.getFloatValue();
    if (!Float.isFinite(value)) {
      throw wrong("a number within the range of 32-bit floats for " + port.name());
    }
    bytes.putFloat(value);
  }
}
