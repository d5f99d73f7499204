package dev.harpia.tests.golden;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A run that PyTorch recorded: settings and tensors by name, all in double precision, which
 * schedules need.
 */
record RecordedCase(
    String file, String op, Map<String, Object> settings, Values values, double rtol, double atol) {

  /** The tensors of a file. */
  record Values(Map<String, double[]> data, Map<String, int[]> shapes) {}

  /** All cases of a group of the manifest. */
  static Stream<RecordedCase> ofGroup(String group) {
    Path directory = directory();
    List<RecordedCase> cases = new ArrayList<>();
    for (Object o : list(map(json(read(directory.resolve("manifest.json")))).get("cases"))) {
      Map<String, Object> c = map(o);
      if (group.equals(c.get("group"))) {
        String file = String.valueOf(c.get("file"));
        cases.add(
            new RecordedCase(
                file,
                String.valueOf(c.get("op")),
                map(c.get("params")),
                values(read(directory.resolve(file))),
                number(c.get("rtol")),
                number(c.get("atol"))));
      }
    }
    return cases.stream();
  }

  private static Path directory() {
    try {
      return Path.of(
          Objects.requireNonNull(RecordedCase.class.getResource("/goldens"), "no goldens").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Values values(byte[] file) {
    ByteBuffer all = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int header = (int) all.getLong();
    Map<String, double[]> data = new LinkedHashMap<>();
    Map<String, int[]> shapes = new LinkedHashMap<>();
    byte[] text = new byte[header];
    all.get(text);
    map(json(text))
        .forEach(
            (name, o) -> {
              Map<String, Object> t = map(o);
              if (t.containsKey("dtype")) {
                int[] shape =
                    list(t.get("shape")).stream().mapToInt(d -> (int) number(d)).toArray();
                double[] v = new double[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
                boolean wide = "F64".equals(t.get("dtype"));
                int at = 8 + header + (int) number(list(t.get("data_offsets")).get(0));
                for (int i = 0; i < v.length; i++) {
                  v[i] = wide ? all.getDouble(at + 8 * i) : all.getFloat(at + 4 * i);
                }
                data.put(name, v);
                shapes.put(name, shape);
              }
            });
    return new Values(data, shapes);
  }

  double[] doubles(String name) {
    return Objects.requireNonNull(values.data.get(name), name);
  }

  float[] floats(String name) {
    double[] d = doubles(name);
    float[] f = new float[d.length];
    for (int i = 0; i < f.length; i++) {
      f[i] = (float) d[i];
    }
    return f;
  }

  int[] shape(String name) {
    return Objects.requireNonNull(values.shapes.get(name), name);
  }

  boolean has(String name) {
    return settings.containsKey(name);
  }

  double number(String name, double otherwise) {
    return has(name) ? number(settings.get(name)) : otherwise;
  }

  boolean flag(String name) {
    return Boolean.TRUE.equals(settings.get(name));
  }

  String text(String name) {
    return String.valueOf(settings.get(name));
  }

  double[] numbers(String name, double... otherwise) {
    return has(name)
        ? list(settings.get(name)).stream().mapToDouble(RecordedCase::number).toArray()
        : otherwise;
  }

  /** The largest difference that the manifest allows. */
  double allowed(double[] expected) {
    double largest = 1;
    for (double b : expected) {
      largest = Math.max(largest, Math.abs(b));
    }
    return atol + rtol * largest;
  }

  @Override
  public String toString() {
    return file.replace(".safetensors", "");
  }

  // ---- JSON

  private static Object json(byte[] text) {
    try (JsonParser p = new JsonFactory().createParser(text)) {
      p.nextToken();
      return value(p);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Object value(JsonParser p) throws IOException {
    switch (p.currentToken()) {
      case START_OBJECT -> {
        Map<String, Object> map = new LinkedHashMap<>();
        while (p.nextToken() != JsonToken.END_OBJECT) {
          String name = p.currentName();
          p.nextToken();
          map.put(name, value(p));
        }
        return map;
      }
      case START_ARRAY -> {
        List<Object> list = new ArrayList<>();
        while (p.nextToken() != JsonToken.END_ARRAY) {
          list.add(value(p));
        }
        return list;
      }
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
        return p.getDoubleValue();
      }
      case VALUE_TRUE, VALUE_FALSE -> {
        return p.getBooleanValue();
      }
      default -> {
        return p.getText();
      }
    }
  }

  private static double number(@Nullable Object o) {
    return (Double) Objects.requireNonNull(o);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(@Nullable Object o) {
    return (Map<String, Object>) Objects.requireNonNull(o);
  }

  @SuppressWarnings("unchecked")
  private static List<Object> list(@Nullable Object o) {
    return (List<Object>) Objects.requireNonNull(o);
  }
}
