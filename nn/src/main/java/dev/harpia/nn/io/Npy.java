package dev.harpia.nn.io;

import dev.harpia.tensor.DType;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * NumPy's arrays: npy files of versions 1 to 3. F8 is rounded to F32, F2 becomes F32; integers and
 * booleans become I32, and must fit. Arrays in Fortran's order are put in ours, big-endian ones
 * too. Arrays of Python objects are refused.
 *
 * <p>Saving is atomic.
 */
public final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int MAX_HEADER = 1 << 20;
  private static final int CHUNK = 1 << 16; // a multiple of every element's size

  private Npy() {}

  /** Reads an array. */
  public static Tensor load(Path file) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), CHUNK)) {
      return read(file, in, Files.size(file));
    }
  }

  /** Saves a tensor as version 1.0, type {@code <f4} or {@code <i4}. */
  public static void save(Tensor tensor, Path file) throws IOException {
    AtomicFile.write(file, out -> write(tensor, out));
  }

  /**
   * Reads an array that takes all of a stream.
   *
   * @param most the array with its header is not longer; checked before anything is allocated
   */
  static Tensor read(Path file, InputStream in, long most) throws IOException {
    byte[] start = bytes(file, 0, in, 8, "the magic number and version");
    if (!Arrays.equals(Arrays.copyOf(start, 6), MAGIC)) {
      throw new FormatException(file, 0, "expected the magic number of an npy file");
    }
    if (start[6] < 1 || start[6] > 3 || start[7] != 0) {
      throw new FormatException(
          file, 6, "expected version 1.0 to 3.0, found " + start[6] + "." + start[7]);
    }
    int digits = start[6] == 1 ? 2 : 4;
    byte[] length = bytes(file, 8, in, digits, "the header's length");
    long n = 0;
    for (int i = digits - 1; i >= 0; i--) {
      n = n << 8 | length[i] & 0xFF;
    }
    if (n > MAX_HEADER || n > most) {
      throw new FormatException(file, 8, "a header of " + n + " bytes is too long");
    }
    long at = 8L + digits;
    NpyHeader header = NpyHeader.parse(file, at, bytes(file, at, in, (int) n, "header"));
    at += n;
    if (header.bytes() > most - at) {
      throw new FormatException(
          file,
          at,
          "the shape needs %d bytes, at most %d follow".formatted(header.bytes(), most - at));
    }
    Tensor tensor = elements(file, at, in, header);
    if (in.read() >= 0) {
      throw new FormatException(
          file, at + header.bytes(), "expected the end of the array, found more bytes");
    }
    return header.fortran() && header.shape().length > 1 ? turned(tensor, header.shape()) : tensor;
  }

  private static byte[] bytes(Path file, long at, InputStream in, int n, String what)
      throws IOException {
    byte[] bytes = in.readNBytes(n);
    if (bytes.length < n) {
      throw new FormatException(
          file, at + bytes.length, "truncated: expected " + n + " bytes of " + what);
    }
    return bytes;
  }

  private static Tensor elements(Path file, long at, InputStream in, NpyHeader header)
      throws IOException {
    SafeTensorsType type = header.type();
    Tensor tensor = Tensor.zeros(Shape.of(header.shape()), type.type);
    MemorySegment to = tensor.segment();
    long total = header.bytes();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment chunk = arena.allocate(CHUNK, 8);
      for (long done = 0; done < total; ) {
        int n = (int) Math.min(CHUNK, total - done);
        byte[] bytes = bytes(file, at + done, in, n, "elements");
        if (header.bigEndian()) {
          reverse(bytes, type.bytes);
        }
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, chunk, 0, n);
        long first = done / type.bytes;
        long count = n / type.bytes;
        if (type.isPlain()) {
          MemorySegment.copy(chunk, 0, to, done, n);
        } else {
          long bad = type.convert(chunk, to.asSlice(4 * first, 4 * count), count);
          if (bad >= 0) {
            throw new FormatException(
                file, at + done + bad * type.bytes, "a 64-bit integer that does not fit 32 bits");
          }
        }
        done += n;
      }
    }
    tensor.changed();
    return tensor;
  }

  private static void reverse(byte[] bytes, int size) {
    for (int i = 0; i + size <= bytes.length; i += size) {
      for (int a = i, b = i + size - 1; a < b; a++, b--) {
        byte t = bytes[a];
        bytes[a] = bytes[b];
        bytes[b] = t;
      }
    }
  }

  /** From Fortran's order: the elements are those of the reversed shape, its axes reversed. */
  private static Tensor turned(Tensor t, int[] shape) {
    int rank = shape.length;
    int[] reversed = IntStream.range(0, rank).map(i -> shape[rank - 1 - i]).toArray();
    int[] axes = IntStream.range(0, rank).map(i -> rank - 1 - i).toArray();
    return t.reshape(reversed).permute(axes).detach();
  }

  static void write(Tensor tensor, WritableByteChannel out) throws IOException {
    StringBuilder shape = new StringBuilder();
    for (int d : tensor.shape().dims()) {
      shape.append(d).append(tensor.rank() == 1 ? "," : ", ");
    }
    if (tensor.rank() > 1) {
      shape.setLength(shape.length() - 2);
    }
    String text =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }"
            .formatted(tensor.type() == DType.F32 ? "<f4" : "<i4", shape);
    int length = (10 + text.length() + 1 + 63) / 64 * 64 - 10; // so that the data is aligned
    String padded = text + " ".repeat(length - text.length() - 1) + "\n";
    ByteBuffer head = ByteBuffer.allocate(10 + length);
    head.put(MAGIC).put((byte) 1).put((byte) 0).put((byte) length).put((byte) (length >> 8));
    write(out, head.put(padded.getBytes(StandardCharsets.US_ASCII)).flip());
    MemorySegment data = tensor.segment();
    for (long at = 0; at < data.byteSize(); at += CHUNK) {
      write(out, data.asSlice(at, Math.min(CHUNK, data.byteSize() - at)).asByteBuffer());
    }
    Reference.reachabilityFence(tensor);
  }

  private static void write(WritableByteChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  /** For streams. */
  static void write(Tensor tensor, OutputStream out) throws IOException {
    write(tensor, Channels.newChannel(out));
  }
}
