package dev.harpia.simd;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the development goldens: results that PyTorch computed in double precision, one file per
 * case.
 */
final class Goldens {
  /** One case: hyper-parameters and tensors by name. */
  record Case(
      String file,
      String op,
      Map<String, Object> params,
      double rtol,
      double atol,
      Map<String, float[]> tensors) {
    int integer(String name) {
      return ((Number) params.getOrDefault(name, 0)).intValue();
    }

    boolean flag(String name) {
      return Boolean.TRUE.equals(params.get(name));
    }

    float[] get(String name) {
      float[] values = tensors.get(name);
      if (values == null) {
        throw new IllegalArgumentException(
            file + " has no tensor " + name + ", only " + tensors.keySet());
      }
      return values;
    }

    boolean has(String name) {
      return tensors.containsKey(name);
    }
  }

  private Goldens() {}

  /** All cases of one op; the test is skipped where the goldens are not there. */
  static List<Case> of(String op) {
    Path folder = folder();
    assumeTrue(
        folder != null, "no folder shared/goldens beside the checkout: goldens not compared");
    try {
      var manifest =
          (Map<?, ?>) new Json(Files.readString(folder.resolve("manifest.json"))).value();
      var cases = new ArrayList<Case>();
      for (Object each : (List<?>) manifest.get("cases")) {
        var map = (Map<?, ?>) each;
        if (op.equals(map.get("op"))) {
          String file = (String) map.get("file");
          var params = new LinkedHashMap<String, Object>();
          ((Map<?, ?>) map.get("params")).forEach((k, v) -> params.put((String) k, v));
          double rtol = ((Number) map.get("rtol")).doubleValue();
          double atol = ((Number) map.get("atol")).doubleValue();
          cases.add(new Case(file, op, params, rtol, atol, read(folder.resolve(file))));
        }
      }
      return cases;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path folder() {
    for (Path p = Path.of("").toAbsolutePath(); p != null; p = p.getParent()) {
      Path candidate = p.resolve("shared/goldens");
      if (Files.exists(candidate.resolve("manifest.json"))) {
        return candidate;
      }
    }
    return null;
  }

  private static Map<String, float[]> read(Path path) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
    int header = Math.toIntExact(bytes.getLong());
    byte[] text = new byte[header];
    bytes.get(text);
    int start = bytes.position();
    var tensors = new LinkedHashMap<String, float[]>();
    var map =
        (Map<?, ?>) new Json(new String(text, java.nio.charset.StandardCharsets.UTF_8)).value();
    map.forEach(
        (name, description) -> {
          if (!"__metadata__".equals(name)) {
            var d = (Map<?, ?>) description;
            var offsets = (List<?>) d.get("data_offsets");
            int from = start + ((Number) offsets.get(0)).intValue();
            int to = start + ((Number) offsets.get(1)).intValue();
            tensors.put((String) name, values(bytes, (String) d.get("dtype"), from, to));
          }
        });
    return tensors;
  }

  private static float[] values(ByteBuffer bytes, String type, int from, int to) {
    int size = type.equals("BOOL") ? 1 : type.equals("F32") ? 4 : 8;
    float[] values = new float[(to - from) / size];
    for (int i = 0; i < values.length; i++) {
      int at = from + i * size;
      values[i] =
          switch (type) {
            case "BOOL" -> bytes.get(at);
            case "F32" -> bytes.getFloat(at);
            case "F64" -> (float) bytes.getDouble(at);
            case "I64" -> bytes.getLong(at);
            default -> throw new IllegalArgumentException("type " + type);
          };
    }
    return values;
  }

  /** As much of JSON as the manifest uses. */
  private static final class Json {
    private final String text;
    private int at;

    Json(String text) {
      this.text = text;
    }

    Object value() {
      char c = next();
      return switch (c) {
        case '{' -> object();
        case '[' -> array();
        case '"' -> string();
        default -> {
          at--;
          int from = at;
          while (at < text.length() && "+-.0123456789eEtrufalsn".indexOf(text.charAt(at)) >= 0) {
            at++;
          }
          String word = text.substring(from, at);
          yield switch (word) {
            case "true" -> Boolean.TRUE;
            case "false" -> Boolean.FALSE;
            case "null" -> "null";
            default -> (Object) Double.valueOf(word);
          };
        }
      };
    }

    private char next() {
      while (Character.isWhitespace(text.charAt(at))) {
        at++;
      }
      return text.charAt(at++);
    }

    private Map<String, Object> object() {
      var map = new LinkedHashMap<String, Object>();
      char c = next();
      while (c != '}') {
        if (c == ',') {
          c = next();
        }
        String key = string();
        next();
        map.put(key, value());
        c = next();
      }
      return map;
    }

    private List<Object> array() {
      var list = new ArrayList<Object>();
      char c = next();
      while (c != ']') {
        if (c != ',') {
          at--;
        }
        list.add(value());
        c = next();
      }
      return list;
    }

    private String string() {
      var s = new StringBuilder();
      char c = text.charAt(at++);
      while (c != '"') {
        if (c == '\\') {
          c = text.charAt(at++);
          if (c == 'u') {
            c = (char) Integer.parseInt(text.substring(at, at + 4), 16);
            at += 4;
          }
        }
        s.append(c);
        c = text.charAt(at++);
      }
      return s.toString();
    }
  }
}
