package dev.harpia.tests;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.harpia.nn.io.SafeTensors;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A case computed by PyTorch: an operation, its settings, its operands and its results. The cases
 * and what their tensors mean are in {@code goldens/README.md} and {@code goldens/manifest.json}.
 *
 * @param file in the directory of the goldens
 * @param settings numbers, texts, booleans and lists by name; what is null in the manifest is left
 *     out, and −1 within lists
 * @param shapes of the tensors in the file
 */
record Golden(
    String file,
    String op,
    String group,
    Map<String, Object> settings,
    Map<String, int[]> shapes,
    double rtol,
    double atol) {
  /** Every case of the manifest, in its order. */
  static List<Golden> all() {
    Path manifest = directory().resolve("manifest.json");
    List<Golden> cases = new ArrayList<>();
    try (JsonParser p = new JsonFactory().createParser(manifest.toFile())) {
      p.nextToken();
      for (Object o : list(map(value(p)).get("cases"))) {
        Map<String, Object> c = map(o);
        Map<String, int[]> shapes = new LinkedHashMap<>();
        map(c.get("tensors")).forEach((name, t) -> shapes.put(name, integers(map(t).get("shape"))));
        cases.add(
            new Golden(
                text(c, "file"),
                text(c, "op"),
                text(c, "group"),
                map(c.get("params")),
                shapes,
                number(c.get("rtol")),
                number(c.get("atol"))));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return cases;
  }

  /** The cases of some groups. */
  static List<Golden> ofGroups(String... groups) {
    return all().stream().filter(g -> List.of(groups).contains(g.group)).toList();
  }

  /** Where the goldens are. */
  static Path directory() {
    try {
      return Path.of(
          Objects.requireNonNull(Golden.class.getResource("/goldens"), "no goldens on the path")
              .toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The tensors by name: F32 and F64 as floats, I64, BOOL and U8 as integers. */
  Map<String, Tensor> tensors() {
    try {
      return SafeTensors.load(directory().resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The largest difference from an expected tensor that the manifest allows. */
  double allowed(float[] expected) {
    double largest = 1;
    for (float b : expected) {
      largest = Math.max(largest, Math.abs(b));
    }
    return atol + rtol * largest;
  }

  // ---- settings

  boolean has(String name) {
    return settings.containsKey(name);
  }

  int integer(String name, int otherwise) {
    return has(name) ? (int) number(settings.get(name)) : otherwise;
  }

  float number(String name, double otherwise) {
    return (float) (has(name) ? number(settings.get(name)) : otherwise);
  }

  boolean flag(String name, boolean otherwise) {
    return has(name) ? (Boolean) Objects.requireNonNull(settings.get(name)) : otherwise;
  }

  String text(String name, String otherwise) {
    return has(name) ? String.valueOf(settings.get(name)) : otherwise;
  }

  /** Integers, of which a single one stands for {@code count}. */
  int[] integers(String name, int count, int otherwise) {
    Object o = settings.getOrDefault(name, otherwise);
    if (o instanceof List<?>) {
      return integers(o);
    }
    int[] all = new int[count];
    java.util.Arrays.fill(all, (int) number(o));
    return all;
  }

  @Override
  public String toString() {
    return file.replace(".safetensors", "");
  }

  // ---- JSON

  private static Object value(JsonParser p) throws IOException {
    switch (p.currentToken()) {
      case START_OBJECT -> {
        Map<String, Object> map = new LinkedHashMap<>();
        while (p.nextToken() != JsonToken.END_OBJECT) {
          String name = p.currentName();
          if (p.nextToken() != JsonToken.VALUE_NULL) {
            map.put(name, value(p));
          }
        }
        return map;
      }
      case START_ARRAY -> {
        List<Object> list = new ArrayList<>();
        while (p.nextToken() != JsonToken.END_ARRAY) {
          list.add(p.currentToken() == JsonToken.VALUE_NULL ? Integer.valueOf(-1) : value(p));
        }
        return list;
      }
      case VALUE_STRING -> {
        return p.getText();
      }
      case VALUE_TRUE, VALUE_FALSE -> {
        return p.getBooleanValue();
      }
      default -> {
        return p.getNumberValue();
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(@org.jspecify.annotations.Nullable Object o) {
    return (Map<String, Object>) Objects.requireNonNull(o);
  }

  private static List<?> list(@org.jspecify.annotations.Nullable Object o) {
    return (List<?>) Objects.requireNonNull(o);
  }

  private static String text(Map<String, Object> map, String name) {
    return (String) Objects.requireNonNull(map.get(name), name);
  }

  private static double number(@org.jspecify.annotations.Nullable Object o) {
    return ((Number) Objects.requireNonNull(o)).doubleValue();
  }

  private static int[] integers(@org.jspecify.annotations.Nullable Object o) {
    return list(o).stream().mapToInt(v -> (int) number(v)).toArray();
  }
}
