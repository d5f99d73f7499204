package dev.harpia.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Results in a file: one JSON object, the machine's facts first. */
public final class JsonFile {
  /** Writes fields of the object. */
  @FunctionalInterface
  public interface Body {
    /** Writes them. */
    void write(JsonGenerator g) throws IOException;
  }

  private JsonFile() {}

  /** Writes the file. */
  public static void write(Path file, Map<String, String> facts, Body body) throws IOException {
    try (var out = Files.newOutputStream(file);
        JsonGenerator g = new JsonFactory().createGenerator(out).useDefaultPrettyPrinter()) {
      g.writeStartObject();
      g.writeObjectFieldStart("machine");
      for (Map.Entry<String, String> e : facts.entrySet()) {
        g.writeStringField(e.getKey(), e.getValue());
      }
      g.writeEndObject();
      body.write(g);
      g.writeEndObject();
    }
  }
}
