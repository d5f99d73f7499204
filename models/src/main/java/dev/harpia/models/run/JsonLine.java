package dev.harpia.models.run;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** A JSON object on one line, its keys in the order in which they were put. */
public final class JsonLine {
  private final Map<String, String> fields = new LinkedHashMap<>();

  /** Puts a text. */
  public JsonLine put(String key, String value) {
    fields.put(key, quoted(value));
    return this;
  }

  /** Puts a whole number. */
  public JsonLine put(String key, long value) {
    fields.put(key, Long.toString(value));
    return this;
  }

  /** Puts a truth value. */
  public JsonLine put(String key, boolean value) {
    fields.put(key, Boolean.toString(value));
    return this;
  }

  /**
   * Puts a number, rounded to six significant digits; JSON has no NaN or infinity: they become
   * null.
   */
  public JsonLine put(String key, double value) {
    fields.put(key, Double.isFinite(value) ? number(value) : "null");
    return this;
  }

  /** Puts a list of texts. */
  public JsonLine put(String key, Collection<String> values) {
    fields.put(key, "[" + String.join(", ", values.stream().map(JsonLine::quoted).toList()) + "]");
    return this;
  }

  /** Puts an object. */
  public JsonLine put(String key, JsonLine value) {
    fields.put(key, value.toString());
    return this;
  }

  private static String number(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return Long.toString((long) value);
    }
    return new java.math.BigDecimal(value)
        .round(new java.math.MathContext(6))
        .stripTrailingZeros()
        .toString();
  }

  private static String quoted(String value) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20) {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.append('"').toString();
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder("{");
    fields.forEach(
        (key, value) ->
            out.append(out.length() == 1 ? "" : ", ")
                .append(quoted(key))
                .append(": ")
                .append(value));
    return out.append('}').toString();
  }
}
