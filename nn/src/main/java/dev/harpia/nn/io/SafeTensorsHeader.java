package dev.harpia.nn.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  private static final int MAX_NAME = 65_536;

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
    HeaderText json = new HeaderText(file, text);
    boolean described = false;
    for (boolean more = json.open('{', "a JSON object"); more; more = json.more('{')) {
      String name = json.name();
      boolean isMetadata = name.equals("__metadata__");
      if (isMetadata ? described : entries.containsKey(name)) {
        throw json.fault("expected JSON: " + name + " is there twice");
      }
      if (name.length() > MAX_NAME) {
        throw json.fault("a name of " + name.length() + " characters is too long");
      }
      if (isMetadata) {
        described = true;
        metadata(json, metadata);
      } else {
        entries.put(name, entry(json, name, dataBytes));
      }
    }
    json.end();
    return new SafeTensorsHeader(metadata, inOrder(file, bytes.length, entries, dataBytes));
  }

  private static void metadata(HeaderText json, Map<String, String> metadata)
      throws FormatException {
    boolean more = json.open('{', "an object as __metadata__");
    while (more) {
      String key = json.name();
      if (metadata.put(key, json.string("a text as metadata " + key)) != null) {
        throw json.fault("expected JSON: metadata " + key + " is there twice");
      }
      more = json.more('{');
    }
  }

  private static Entry entry(HeaderText json, String name, long dataBytes) throws FormatException {
    @Nullable SafeTensorsType type = null;
    long @Nullable [] shape = null;
    long @Nullable [] offsets = null;
    boolean more = json.open('{', "an object for tensor " + name);
    while (more) {
      String key = json.name();
      boolean again =
          switch (key) {
            case "dtype" -> type != null;
            case "shape" -> shape != null;
            case "data_offsets" -> offsets != null;
            default -> throw json.fault("tensor " + name + ": unknown key " + key);
          };
      if (again) {
        throw json.fault("expected JSON: tensor " + name + ": " + key + " is there twice");
      }
      switch (key) {
        case "dtype" -> type = type(json, name);
        case "shape" -> shape = numbers(json, name, key, MAX_RANK);
        default -> offsets = numbers(json, name, key, 2);
      }
      more = json.more('{');
    }
    if (type == null || shape == null || offsets == null || offsets.length != 2) {
      throw json.fault("tensor " + name + ": expected dtype, shape and two data_offsets");
    }
    if (offsets[0] > offsets[1] || offsets[1] > dataBytes) {
      throw json.fault(
          "tensor %s: data_offsets [%d, %d] are not inside the %d bytes of data"
              .formatted(name, offsets[0], offsets[1], dataBytes));
    }
    int[] dims = dims(json, name, shape, type, offsets[1] - offsets[0]);
    return new Entry(type, dims, offsets[0], offsets[1]);
  }

  private static SafeTensorsType type(HeaderText json, String name) throws FormatException {
    String text = json.string("a text as dtype of " + name);
    Optional<SafeTensorsType> type = SafeTensorsType.named(text);
    if (type.isEmpty()) {
      throw json.fault("tensor " + name + ": type " + text + " is not supported");
    }
    return type.get();
  }

  private static int[] dims(
      HeaderText json, String name, long[] shape, SafeTensorsType type, long bytes)
      throws FormatException {
    int[] dims = new int[shape.length];
    long size = type.bytes;
    for (int i = 0; i < dims.length; i++) {
      if (shape[i] > Integer.MAX_VALUE) {
        throw json.fault("tensor " + name + ": dimension " + shape[i] + " is too large");
      }
      dims[i] = (int) shape[i];
      try {
        size = Math.multiplyExact(size, shape[i]);
      } catch (ArithmeticException e) {
        throw json.fault("tensor " + name + ": its shape overflows");
      }
    }
    if (size != bytes) {
      throw json.fault(
          "tensor %s: shape and type need %d bytes, data_offsets span %d"
              .formatted(name, size, bytes));
    }
    return dims;
  }

  private static long[] numbers(HeaderText json, String name, String key, int most)
      throws FormatException {
    long[] numbers = new long[most];
    int count = 0;
    boolean more = json.open('[', "a list as " + key + " of " + name);
    while (more) {
      long number = json.number();
      if (number < 0 || count == most) {
        throw json.fault(
            "tensor %s: %s must be at most %d whole numbers from 0 to 2^63-1"
                .formatted(name, key, most));
      }
      numbers[count++] = number;
      more = json.more('[');
    }
    return Arrays.copyOf(numbers, count);
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
}
