package dev.harpia.nn.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The header of a safetensors file, checked: entries cover the data from its first byte to its
 * last, without holes or overlap, each as long as its shape and type say.
 *
 * @param metadata free texts
 * @param entries the tensors, in the order of the file
 */
record SafeTensorsHeader(Map<String, String> metadata, Map<String, Entry> entries) {
  /** As the reference implementation has it. */
  static final long MAX_BYTES = 100_000_000;

  private static final int MAX_RANK = 64;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(4)
                  .maxNumberLength(20)
                  .maxNameLength(65_536)
                  .maxStringLength(50_000_000)
                  .build())
          .build();

  /**
   * A tensor in the file.
   *
   * @param begin its first byte, counted from the end of the header
   * @param end the byte after its last
   */
  record Entry(SafeTensorsType type, int[] shape, long begin, long end) {}

  /**
   * Reads the header's text.
   *
   * @param bytes the header without its length
   * @param dataBytes the bytes that follow it in the file
   */
  static SafeTensorsHeader parse(Path file, byte[] bytes, long dataBytes) throws IOException {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new FormatException(file, 8, "expected a header in UTF-8", e);
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    Map<String, Entry> entries = new LinkedHashMap<>();
    try (JsonParser json = JSON.createParser(text)) {
      expect(file, json, json.nextToken(), JsonToken.START_OBJECT, "a JSON object");
      while (json.nextToken() != JsonToken.END_OBJECT) {
        String name = json.currentName();
        json.nextToken();
        if (name.equals("__metadata__")) {
          metadata(file, json, metadata);
        } else {
          entries.put(name, entry(file, json, name, dataBytes));
        }
      }
      if (json.nextToken() != null) {
        throw fault(file, json, "expected the end of the header after its object");
      }
    } catch (JsonProcessingException e) {
      long at = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getCharOffset());
      throw new FormatException(file, 8 + at, "expected JSON: " + e.getOriginalMessage(), e);
    }
    return new SafeTensorsHeader(metadata, inOrder(file, bytes.length, entries, dataBytes));
  }

  private static void metadata(Path file, JsonParser json, Map<String, String> metadata)
      throws IOException {
    expect(file, json, json.currentToken(), JsonToken.START_OBJECT, "an object as __metadata__");
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String key = json.currentName();
      expect(file, json, json.nextToken(), JsonToken.VALUE_STRING, "a text as metadata " + key);
      metadata.put(key, json.getText());
    }
  }

  private static Entry entry(Path file, JsonParser json, String name, long dataBytes)
      throws IOException {
    expect(file, json, json.currentToken(), JsonToken.START_OBJECT, "an object for tensor " + name);
    @Nullable SafeTensorsType type = null;
    long @Nullable [] shape = null;
    long @Nullable [] offsets = null;
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String key = json.currentName();
      JsonToken value = json.nextToken();
      switch (key) {
        case "dtype" -> {
          expect(file, json, value, JsonToken.VALUE_STRING, "a text as dtype of " + name);
          String text = json.getText();
          type =
              SafeTensorsType.named(text)
                  .orElseThrow(
                      () ->
                          fault(
                              file,
                              json,
                              "tensor " + name + ": type " + text + " is not supported"));
        }
        case "shape" -> shape = numbers(file, json, name, key, MAX_RANK);
        case "data_offsets" -> offsets = numbers(file, json, name, key, 2);
        default -> throw fault(file, json, "tensor " + name + ": unknown key " + key);
      }
    }
    if (type == null || shape == null || offsets == null || offsets.length != 2) {
      throw fault(file, json, "tensor " + name + ": expected dtype, shape and two data_offsets");
    }
    if (offsets[0] > offsets[1] || offsets[1] > dataBytes) {
      throw fault(
          file,
          json,
          "tensor %s: data_offsets [%d, %d] are not inside the %d bytes of data"
              .formatted(name, offsets[0], offsets[1], dataBytes));
    }
    int[] dims = dims(file, json, name, shape, type, offsets[1] - offsets[0]);
    return new Entry(type, dims, offsets[0], offsets[1]);
  }

  private static int[] dims(
      Path file, JsonParser json, String name, long[] shape, SafeTensorsType type, long bytes)
      throws FormatException {
    int[] dims = new int[shape.length];
    long size = type.bytes;
    for (int i = 0; i < dims.length; i++) {
      if (shape[i] > Integer.MAX_VALUE) {
        throw fault(file, json, "tensor " + name + ": dimension " + shape[i] + " is too large");
      }
      dims[i] = (int) shape[i];
      try {
        size = Math.multiplyExact(size, shape[i]);
      } catch (ArithmeticException e) {
        throw fault(file, json, "tensor " + name + ": its shape overflows");
      }
    }
    if (size != bytes) {
      throw fault(
          file,
          json,
          "tensor %s: shape and type need %d bytes, data_offsets span %d"
              .formatted(name, size, bytes));
    }
    return dims;
  }

  private static long[] numbers(Path file, JsonParser json, String name, String key, int most)
      throws IOException {
    expect(
        file, json, json.currentToken(), JsonToken.START_ARRAY, "a list as " + key + " of " + name);
    List<Long> numbers = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      boolean whole =
          json.currentToken() == JsonToken.VALUE_NUMBER_INT
              && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
      if (!whole || json.getLongValue() < 0 || numbers.size() == most) {
        throw fault(
            file,
            json,
            "tensor %s: %s must be at most %d whole numbers from 0 to 2^63-1"
                .formatted(name, key, most));
      }
      numbers.add(json.getLongValue());
    }
    return numbers.stream().mapToLong(Long::longValue).toArray();
  }

  /** Sorted by place; refuses holes, overlap, and bytes that belong to nobody. */
  private static Map<String, Entry> inOrder(
      Path file, long header, Map<String, Entry> entries, long dataBytes) throws FormatException {
    List<Map.Entry<String, Entry>> sorted = new ArrayList<>(entries.entrySet());
    sorted.sort(
        Comparator.comparingLong((Map.Entry<String, Entry> e) -> e.getValue().begin())
            .thenComparingLong(e -> e.getValue().end()));
    Map<String, Entry> result = new LinkedHashMap<>();
    long at = 0;
    for (Map.Entry<String, Entry> e : sorted) {
      if (e.getValue().begin() != at) {
        throw new FormatException(
            file,
            8 + header + at,
            "tensor %s: expected its data at offset %d, where the tensor before it ends; found %d"
                .formatted(e.getKey(), at, e.getValue().begin()));
      }
      at = e.getValue().end();
      result.put(e.getKey(), e.getValue());
    }
    if (at != dataBytes) {
      throw new FormatException(
          file,
          8 + header + at,
          "expected the end of the file, found " + (dataBytes - at) + " bytes more");
    }
    return result;
  }

  private static void expect(
      Path file, JsonParser json, @Nullable JsonToken found, JsonToken wanted, String what)
      throws FormatException {
    if (found != wanted) {
      throw fault(file, json, "expected " + what);
    }
  }

  private static FormatException fault(Path file, JsonParser json, String what) {
    return new FormatException(
        file, 8 + Math.max(0, json.currentTokenLocation().getCharOffset()), what);
  }
}
