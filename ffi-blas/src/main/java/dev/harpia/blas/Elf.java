package dev.harpia.blas;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Whether a file is a whole shared library for this machine, as far as its program headers say.
 * Linux maps a truncated library without complaint, and the process dies when it first touches the
 * missing part. (Executable and Linkable Format: System V ABI, chapters 4 and 5.)
 */
final class Elf {
  private static final int MAGIC = 0x7f454c46;
  private static final int HEADER = 64;
  private static final int SEGMENT = 56;
  private static final int LOAD = 1;
  private static final int X86_64 = 62;
  private static final int AARCH64 = 183;

  private Elf() {}

  /** Why the file cannot be loaded on a machine with this {@code os.arch}, if that shows. */
  static Optional<String> objection(Path path, String osArch) {
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
      long bytes = file.size();
      ByteBuffer header = read(file, 0, HEADER);
      if (header.remaining() < HEADER
          || header.order(ByteOrder.BIG_ENDIAN).getInt(0) != MAGIC
          || header.get(4) != 2
          || header.get(5) != 1) {
        return Optional.of("not a 64-bit shared library (ELF)");
      }
      header.order(ByteOrder.LITTLE_ENDIAN);
      int machine = Short.toUnsignedInt(header.getShort(18));
      int expected = expected(osArch);
      if (expected != 0 && machine != expected) {
        return Optional.of(
            "built for another processor (ELF machine %d, this is %d)"
                .formatted(machine, expected));
      }
      int count = Short.toUnsignedInt(header.getShort(56));
      long needed = needed(read(file, header.getLong(32), count * SEGMENT), count);
      return bytes < needed
          ? Optional.of("truncated: %,d bytes of %,d".formatted(bytes, needed))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.of("cannot be read: " + Reasons.of(e));
    }
  }

  /** Up to which byte the program needs the file. */
  private static long needed(ByteBuffer segments, int count) {
    segments.order(ByteOrder.LITTLE_ENDIAN);
    if (segments.remaining() < count * SEGMENT) {
      return Long.MAX_VALUE;
    }
    long needed = 0;
    for (int i = 0; i < count; i++) {
      if (segments.getInt(i * SEGMENT) == LOAD) {
        long offset = segments.getLong(i * SEGMENT + 8);
        long inFile = segments.getLong(i * SEGMENT + 32);
        needed = Math.max(needed, offset + inFile);
      }
    }
    return needed;
  }

  private static ByteBuffer read(FileChannel file, long from, int bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    if (from >= 0) {
      while (buffer.hasRemaining() && file.read(buffer, from + buffer.position()) >= 0) {
        // until the buffer is full or the file ends
      }
    }
    return buffer.flip();
  }

  private static int expected(String osArch) {
    return switch (osArch) {
      case "amd64", "x86_64" -> X86_64;
      case "aarch64" -> AARCH64;
      default -> 0;
    };
  }
}
