package dev.harpia.nn.data;

import dev.harpia.nn.io.FormatException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Reads IDX files, the format of MNIST: a magic number, the dimensions as big-endian integers, then
 * the bytes; packed with gzip or not (the first two bytes tell).
 *
 * <p>Strict: a wrong magic, dimensions beyond the limits, a short file or bytes after the end are a
 * {@link FormatException}. Nothing is allocated before the dimensions have been checked.
 */
public final class Idx {
  /** More pictures than this are refused. */
  public static final int MAX_COUNT = 10_000_000;

  /** Pictures wider or higher than this are refused. */
  public static final int MAX_SIDE = 4096;

  private static final int IMAGES = 0x0803; // unsigned bytes, three dimensions
  private static final int LABELS = 0x0801; // unsigned bytes, one dimension

  private Idx() {}

  /**
   * The training part of an MNIST-like directory: {@code train-images-idx3-ubyte} and its labels,
   * packed or not.
   */
  public static LabelledImages train(Path directory) throws IOException {
    return read(directory, "train");
  }

  /**
   * The test part of an MNIST-like directory: {@code t10k-images-idx3-ubyte} and its labels, packed
   * or not.
   */
  public static LabelledImages test(Path directory) throws IOException {
    return read(directory, "t10k");
  }

  private static LabelledImages read(Path directory, String part) throws IOException {
    if (!Files.exists(directory)) {
      throw new NoSuchFileException(directory.toString(), null, "no such directory");
    }
    if (!Files.isDirectory(directory)) {
      throw new NotDirectoryException(directory + ": not a directory");
    }
    return read(
        find(directory, part + "-images-idx3-ubyte"), find(directory, part + "-labels-idx1-ubyte"));
  }

  /** The file under its name, with or without {@code .gz}; the unpacked one first. */
  private static Path find(Path directory, String name) throws IOException {
    Path raw = directory.resolve(name);
    if (Files.isRegularFile(raw)) {
      return raw;
    }
    Path packed = directory.resolve(name + ".gz");
    if (Files.isRegularFile(packed)) {
      return packed;
    }
    throw new NoSuchFileException(
        raw.toString(), null, "found neither this file nor " + name + ".gz");
  }

  /** Pictures with their labels, from two files that must hold the same number. */
  public static LabelledImages read(Path images, Path labels) throws IOException {
    byte[] classes = labels(labels);
    try (Source in = new Source(images)) {
      in.magic(IMAGES, "images");
      int count = in.dimension("number of images", 0, MAX_COUNT);
      if (count != classes.length) {
        throw new FormatException(
            images,
            4,
            "expected "
                + classes.length
                + " images, as "
                + labels.getFileName()
                + " has labels; found "
                + count);
      }
      int height = in.dimension("height", 1, MAX_SIDE);
      int width = in.dimension("width", 1, MAX_SIDE);
      long size = (long) count * height * width;
      if (size > Integer.MAX_VALUE - 16) {
        throw new FormatException(
            images,
            4,
            "%d images of %d × %d are %d bytes: more than one array holds"
                .formatted(count, height, width, size));
      }
      return new LabelledImages(count, height, width, in.rest((int) size), classes);
    }
  }

  /** The classes in a file of labels. */
  public static byte[] labels(Path file) throws IOException {
    try (Source in = new Source(file)) {
      in.magic(LABELS, "labels");
      return in.rest(in.dimension("number of labels", 0, MAX_COUNT));
    }
  }

  /** A file's bytes after unpacking, with the offset for messages. */
  private static final class Source implements AutoCloseable {
    private final Path file;
    private final InputStream in;
    private long offset;

    Source(Path file) throws IOException {
      this.file = file;
      InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
      try {
        raw.mark(2);
        boolean packed = raw.read() == 0x1F && raw.read() == 0x8B;
        raw.reset();
        this.in = packed ? new GZIPInputStream(raw, 1 << 16) : raw;
      } catch (EOFException | ZipException e) {
        raw.close();
        throw new FormatException(file, 0, "damaged gzip header: " + e.getMessage(), e);
      } catch (IOException e) {
        raw.close();
        throw e;
      }
    }

    void magic(int expected, String what) throws IOException {
      int found = integer("magic number");
      if (found != expected) {
        throw new FormatException(
            file,
            0,
            "expected magic 0x%08X (IDX %s), found 0x%08X".formatted(expected, what, found));
      }
    }

    int dimension(String what, int from, int to) throws IOException {
      int value = integer(what);
      if (value < from || value > to) {
        throw new FormatException(
            file,
            offset - 4,
            "expected a %s from %d to %d, found %d"
                .formatted(what, from, to, Integer.toUnsignedLong(value)));
      }
      return value;
    }

    private int integer(String what) throws IOException {
      byte[] b = bytes(4, what);
      return (b[0] & 0xFF) << 24 | (b[1] & 0xFF) << 16 | (b[2] & 0xFF) << 8 | b[3] & 0xFF;
    }

    /**
     * All the data, and nothing after it. Grows with what is really there: a header that promises
     * gigabytes over a short file costs nothing.
     */
    byte[] rest(int size) throws IOException {
      byte[] data = bytes(size, "data");
      if (guarded(1, "end of file").length != 0) {
        throw new FormatException(file, offset, "expected the end of the file, found more bytes");
      }
      return data;
    }

    private byte[] bytes(int size, String what) throws IOException {
      byte[] data = guarded(size, what);
      if (data.length < size) {
        throw new FormatException(
            file,
            offset + data.length,
            "truncated: expected " + size + " bytes of " + what + ", found " + data.length);
      }
      offset += size;
      return data;
    }

    private byte[] guarded(int size, String what) throws IOException {
      try {
        return in.readNBytes(size);
      } catch (EOFException e) {
        throw new FormatException(file, offset, "truncated gzip data while reading the " + what, e);
      } catch (ZipException e) {
        throw new FormatException(
            file, offset, "damaged gzip data in the " + what + ": " + e.getMessage(), e);
      }
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
