package dev.harpia.nn.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.harpia.nn.Layer;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Weights in the safetensors format: a length, a JSON header, the bytes. Files of other programs
 * are read with all their types: F64 is rounded to F32, F16 and BF16 become F32, I64 (which must
 * fit), I16, U16, I8, U8 and BOOL become I32. What breaks a rule of the format is a {@link
 * FormatException}.
 *
 * <p>Saving is atomic: a reader sees the old file or the new one, whole.
 */
public final class SafeTensors {
  private static final int CHUNK = 1 << 20;

  /** Loading does without. */
  private static final class Writing {
    static final JsonFactory JSON = new JsonFactory();
  }

  private SafeTensors() {}

  /** Saves a layer's parameters and buffers under the names that they have in checkpoints. */
  public static void save(Layer layer, Path file) throws IOException {
    save(layer.state(), Map.of("format", "pt"), file);
  }

  /**
   * Saves tensors, in the order of the map, with free texts. Integers named {@code
   * num_batches_tracked} go as I64, as PyTorch has them.
   */
  public static void save(Map<String, Tensor> tensors, Map<String, String> metadata, Path file)
      throws IOException {
    ByteBuffer header = header(tensors, metadata);
    AtomicFile.write(
        file,
        out -> {
          write(out, header);
          for (Map.Entry<String, Tensor> e : tensors.entrySet()) {
            writeData(out, e.getValue(), isLong(e.getKey(), e.getValue()));
          }
        });
  }

  private static boolean isLong(String name, Tensor tensor) {
    return tensor.type() == DType.I32 && name.endsWith("num_batches_tracked");
  }

  private static ByteBuffer header(Map<String, Tensor> tensors, Map<String, String> metadata)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = Writing.JSON.createGenerator(bytes)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectFieldStart("__metadata__");
        for (Map.Entry<String, String> e : metadata.entrySet()) {
          json.writeStringField(e.getKey(), e.getValue());
        }
        json.writeEndObject();
      }
      long at = 0;
      for (Map.Entry<String, Tensor> e : tensors.entrySet()) {
        Tensor t = e.getValue();
        boolean wide = isLong(e.getKey(), t);
        long end = at + t.size() * (wide ? 8 : 4);
        json.writeObjectFieldStart(e.getKey());
        json.writeStringField("dtype", wide ? "I64" : t.type().name());
        json.writeFieldName("shape");
        json.writeArray(t.shape().dims(), 0, t.rank());
        json.writeFieldName("data_offsets");
        json.writeArray(new long[] {at, end}, 0, 2);
        json.writeEndObject();
        at = end;
      }
      json.writeEndObject();
    }
    while (bytes.size() % 8 != 0) {
      bytes.write(' '); // so that the data is aligned
    }
    if (bytes.size() > SafeTensorsHeader.MAX_BYTES) {
      throw new IOException(
          "safetensors: a header of " + bytes.size() + " bytes is over the limit");
    }
    ByteBuffer buffer = ByteBuffer.allocate(8 + bytes.size()).order(ByteOrder.LITTLE_ENDIAN);
    return buffer.putLong(bytes.size()).put(bytes.toByteArray()).flip();
  }

  private static void writeData(FileChannel out, Tensor tensor, boolean wide) throws IOException {
    if (wide) {
      ByteBuffer longs =
          ByteBuffer.allocate(Math.toIntExact(8 * tensor.size())).order(ByteOrder.LITTLE_ENDIAN);
      for (int value : tensor.toIntArray()) {
        longs.putLong(value);
      }
      write(out, longs.flip());
      return;
    }
    MemorySegment data = tensor.segment();
    for (long at = 0; at < data.byteSize(); at += CHUNK) {
      write(out, data.asSlice(at, Math.min(CHUNK, data.byteSize() - at)).asByteBuffer());
    }
    Reference.reachabilityFence(tensor);
  }

  private static void write(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  /** All tensors of a file, copied, in the order of the file. */
  public static Map<String, Tensor> load(Path file) throws IOException {
    Map<String, Tensor> result = new LinkedHashMap<>();
    try (Arena arena = Arena.ofConfined()) {
      Mapped mapped = Mapped.open(file, arena, false);
      for (String name : mapped.header.entries().keySet()) {
        result.put(name, mapped.copy(name));
      }
    }
    return result;
  }

  /**
   * All tensors of a file, the F32 and I32 ones without a copy: they show the file's memory, read
   * only. Nobody may shorten the file while they are in use: on every JVM that is fatal.
   */
  public static Map<String, Tensor> map(Path file) throws IOException {
    Map<String, Tensor> result = new LinkedHashMap<>();
    Mapped mapped = Mapped.open(file, Arena.ofAuto(), true);
    for (String name : mapped.header.entries().keySet()) {
      result.put(name, mapped.view(name));
    }
    return result;
  }

  /** A tensor of a file, of which nothing but the header was read. */
  public record Kind(DType type, Shape shape) {}

  /** Types, as they are read, and shapes of all tensors of a file, in the order of the file. */
  public static Map<String, Kind> kinds(Path file) throws IOException {
    Map<String, Kind> result = new LinkedHashMap<>();
    Mapped.open(file, Arena.ofAuto(), true)
        .header
        .entries()
        .forEach((name, e) -> result.put(name, new Kind(e.type().type, Shape.of(e.shape()))));
    return result;
  }

  /**
   * Hands out the tensors of a file one by one, so that a large file is never in memory twice; as
   * with {@link #map(Path)}, nobody may shorten it meanwhile.
   *
   * @param use told of each tensor, which is valid during the call
   */
  public static void each(Path file, BiConsumer<String, Tensor> use) throws IOException {
    Mapped mapped = Mapped.open(file, Arena.ofAuto(), true);
    for (String name : mapped.header.entries().keySet()) {
      try (var _ = Scope.inference()) {
        use.accept(name, mapped.view(name));
      }
    }
  }

  /**
   * Overwrites a layer's parameters and buffers with those of a file, which must have the same
   * names and shapes; nothing is changed if it has not.
   */
  public static void load(Path file, Layer layer) throws IOException {
    copy(file, load(file), "the layer " + layer.kind(), layer.state());
  }

  /** As {@link #load(Path, Layer)}, copying from the mapped file: no second copy in memory. */
  public static void map(Path file, Layer layer) throws IOException {
    copy(file, map(file), "the layer " + layer.kind(), layer.state());
  }

  /**
   * Overwrites the tensors of {@code targets} with those of the same names; nothing is changed
   * unless names, shapes and types all fit, and the message lists all that do not.
   *
   * @param file where {@code loaded} comes from, for the message
   * @param what whose tensors {@code targets} are, for the message
   */
  public static void copy(
      Path file, Map<String, Tensor> loaded, String what, Map<String, Tensor> targets) {
    List<String> faults = new ArrayList<>();
    targets.forEach(
        (name, mine) -> {
          Tensor theirs = loaded.get(name);
          if (theirs == null && name.endsWith("num_batches_tracked")) {
            // checkpoints older than PyTorch 0.4.1 lack it, and PyTorch leaves it alone then
            return;
          }
          if (theirs == null) {
            faults.add("missing in the file: " + name + " " + mine.type() + " " + mine.shape());
          } else if (!mine.shape().equals(theirs.shape()) || mine.type() != theirs.type()) {
            faults.add(
                "%s: the file has %s %s, wanted is %s %s"
                    .formatted(name, theirs.type(), theirs.shape(), mine.type(), mine.shape()));
          }
        });
    loaded.forEach(
        (name, theirs) -> {
          if (!targets.containsKey(name)) {
            faults.add("unknown: " + name + " " + theirs.type() + " " + theirs.shape());
          }
        });
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(
          file + ": does not fit " + what + ":\n  " + String.join("\n  ", faults));
    }
    targets.forEach((name, mine) -> mine.copyFrom(loaded.getOrDefault(name, mine)));
  }

  /** The free texts of a file. */
  public static Map<String, String> metadata(Path file) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      return Map.copyOf(Mapped.open(file, arena, false).header.metadata());
    }
  }

  /** A file in memory, its header checked. */
  private record Mapped(Path file, SafeTensorsHeader header, MemorySegment data, long dataAt) {
    static Mapped open(Path file, Arena arena, boolean map) throws IOException {
      try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
        long size = in.size();
        if (size < 8) {
          throw new FormatException(file, 0, "expected 8 bytes of header length, found " + size);
        }
        MemorySegment all =
            map
                ? in.map(FileChannel.MapMode.READ_ONLY, 0, size, arena)
                : read(file, in, size, arena);
        long n = all.get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0);
        if (n < 0 || n > SafeTensorsHeader.MAX_BYTES) {
          throw new FormatException(
              file,
              0,
              "expected a header length up to "
                  + SafeTensorsHeader.MAX_BYTES
                  + ", found "
                  + Long.toUnsignedString(n));
        }
        if (n > size - 8) {
          throw new FormatException(
              file,
              0,
              "a header of "
                  + n
                  + " bytes is longer than the file's "
                  + (size - 8)
                  + " after the length");
        }
        byte[] text = all.asSlice(8, n).toArray(ValueLayout.JAVA_BYTE);
        SafeTensorsHeader header = SafeTensorsHeader.parse(file, text, size - 8 - n);
        return new Mapped(file, header, all.asSlice(8 + n), 8 + n);
      }
    }

    private static MemorySegment read(Path file, FileChannel in, long size, Arena arena)
        throws IOException {
      MemorySegment all = arena.allocate(size, 64);
      for (long at = 0; at < size; ) {
        int n = in.read(all.asSlice(at, Math.min(CHUNK, size - at)).asByteBuffer());
        if (n < 0) {
          throw new FormatException(file, at, "the file became shorter while it was read");
        }
        at += n;
      }
      return all;
    }

    private SafeTensorsHeader.Entry entry(String name) {
      SafeTensorsHeader.Entry entry = header.entries().get(name);
      if (entry == null) {
        throw new IllegalArgumentException(file + ": no tensor " + name);
      }
      return entry;
    }

    Tensor copy(String name) throws FormatException {
      SafeTensorsHeader.Entry entry = entry(name);
      MemorySegment from = data.asSlice(entry.begin(), entry.end() - entry.begin());
      Tensor tensor = Tensor.zeros(Shape.of(entry.shape()), entry.type().type);
      MemorySegment to = tensor.segment();
      if (entry.type().isPlain()) {
        MemorySegment.copy(from, 0, to, 0, from.byteSize());
      } else {
        long bad = entry.type().convert(from, to, tensor.size());
        if (bad >= 0) {
          throw new FormatException(
              file,
              dataAt + entry.begin() + bad * entry.type().bytes,
              "tensor " + name + ": an I64 value that does not fit 32 bits");
        }
      }
      tensor.changed();
      return tensor;
    }

    Tensor view(String name) throws FormatException {
      SafeTensorsHeader.Entry entry = entry(name);
      MemorySegment part = data.asSlice(entry.begin(), entry.end() - entry.begin());
      boolean aligned = part.address() % 4 == 0;
      return entry.type().isPlain() && aligned && part.byteSize() > 0
          ? Tensor.wrap(part, Shape.of(entry.shape()), entry.type().type)
          : copy(name);
    }
  }
}
