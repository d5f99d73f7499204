package dev.harpia.models.rl;

import dev.harpia.nn.io.FormatException;
import dev.harpia.nn.io.SafeTensors;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * What agents, replay buffers and trainings save: tensors and numbers by name, in one safetensors
 * file with a checksum over all of it. The file appears whole or not at all.
 */
final class Snapshot {
  private static final int HEADER = 8; // the byte at which the header, with all texts, begins

  private final Path file;
  private final Map<String, Tensor> tensors;
  private final Map<String, String> texts;

  private Snapshot(Path file, Map<String, Tensor> tensors, Map<String, String> texts) {
    this.file = file;
    this.tensors = tensors;
    this.texts = texts;
  }

  /** Nothing yet, to be written to {@code file}. */
  static Snapshot to(Path file) {
    return new Snapshot(file, new LinkedHashMap<>(), new LinkedHashMap<>());
  }

  /** A saved one, if it is of this kind and as it was written. */
  static Snapshot from(Path file, String kind, String what) throws IOException {
    Map<String, String> texts = new LinkedHashMap<>(SafeTensors.metadata(file));
    if (!kind.equals(texts.get("kind"))) {
      throw new FormatException(
          file, HEADER, "expected " + what + " (kind " + kind + "), found " + texts.get("kind"));
    }
    String sum = texts.remove("checksum");
    Snapshot s = new Snapshot(file, SafeTensors.load(file), texts);
    if (!s.checksum().equals(sum)) {
      throw new FormatException(
          file, HEADER, "checksum: the file says " + sum + ", its content gives " + s.checksum());
    }
    return s;
  }

  void write(String kind) throws IOException {
    texts.put("kind", kind);
    Map<String, String> all = new LinkedHashMap<>(texts);
    all.put("checksum", checksum());
    SafeTensors.save(tensors, all, file);
  }

  private String checksum() {
    CRC32C sum = new CRC32C();
    new TreeMap<>(texts)
        .forEach(
            (key, value) -> sum.update((key + "=" + value + ";").getBytes(StandardCharsets.UTF_8)));
    new TreeMap<>(tensors)
        .forEach(
            (name, t) -> {
              sum.update(name.getBytes(StandardCharsets.UTF_8));
              sum.update(t.segment().asByteBuffer());
              Reference.reachabilityFence(t);
            });
    return Long.toHexString(sum.getValue());
  }

  // ---- tensors

  void put(String prefix, Map<String, Tensor> state) {
    state.forEach((name, t) -> tensors.put(prefix + name, t));
  }

  /**
   * Overwrites the tensors of {@code targets}, all of them or none.
   *
   * @param what whose tensors they are, for the message
   */
  void copyTo(String what, Map<String, Tensor> targets) {
    SafeTensors.copy(file, tensors, what, targets);
  }

  // ---- numbers

  void put(String key, long value) {
    texts.put(key, Long.toString(value));
  }

  void put(String key, double value) {
    texts.put(key, Double.toString(value));
  }

  void put(String key, Rng rng) {
    long[] state = rng.state();
    texts.put(key, state[0] + " " + state[1]);
  }

  /** A whole number from 0 to {@code most}. */
  long number(String key, long most) throws FormatException {
    String text = texts.getOrDefault(key, "nothing");
    if (!text.matches("\\d{1,18}") || Long.parseLong(text) > most) {
      throw new FormatException(
          file, HEADER, key + ": expected a number from 0 to " + most + ", found " + text);
    }
    return Long.parseLong(text);
  }

  /** Any number but NaN. */
  double decimal(String key) throws FormatException {
    String text = texts.getOrDefault(key, "nothing");
    double value;
    try {
      value = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new FormatException(file, HEADER, key + ": expected a number, found " + text, e);
    }
    if (Double.isNaN(value)) {
      throw new FormatException(file, HEADER, key + ": expected a number, found " + text);
    }
    return value;
  }

  /** The state of a random stream. */
  long[] random(String key) throws FormatException {
    String text = texts.getOrDefault(key, "nothing");
    String[] words = text.split(" ", -1);
    try {
      if (words.length == 2) {
        return new long[] {Long.parseLong(words[0]), Long.parseLong(words[1])};
      }
    } catch (NumberFormatException e) {
      throw new FormatException(
          file, HEADER, key + ": expected two whole numbers, found " + text, e);
    }
    throw new FormatException(file, HEADER, key + ": expected two whole numbers, found " + text);
  }

  // ---- lists of numbers

  /** Exactly, as pairs of integers. */
  void put(String key, double[] values) {
    int[] halves = new int[2 * values.length];
    for (int i = 0; i < values.length; i++) {
      long bits = Double.doubleToRawLongBits(values[i]);
      halves[2 * i] = (int) (bits >> 32);
      halves[2 * i + 1] = (int) bits;
    }
    tensors.put(key, Tensor.of(halves, Shape.of(halves.length)).copy());
  }

  /** Takes a list out, so that the tensors that remain are those of networks and buffers. */
  double[] take(String key) throws FormatException {
    Tensor t = tensors.remove(key);
    if (t == null || t.rank() != 1 || t.size() % 2 != 0) {
      throw new FormatException(file, HEADER, key + ": expected pairs of integers");
    }
    int[] halves = t.toIntArray();
    double[] values = new double[halves.length / 2];
    for (int i = 0; i < values.length; i++) {
      long bits = ((long) halves[2 * i] << 32) | (halves[2 * i + 1] & 0xFFFFFFFFL);
      values[i] = Double.longBitsToDouble(bits);
    }
    return values;
  }
}
