package dev.harpia.nn.io.onnx;

import dev.harpia.nn.io.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/**
 * Tensors' data in files beside the model. A name is followed only to a plain file inside the
 * model's own folder: neither {@code ..}, nor absolute paths, nor symbolic links lead out.
 */
final class ExternalData {
  /** All tensors together may take this many times the bytes of the files that they come from. */
  private static final int SHARING = 4;

  private final Path model;
  private final boolean allowed;
  private long taken;

  private ExternalData(Path model, boolean allowed) {
    this.model = model;
    this.allowed = allowed;
  }

  static ExternalData besides(Path model) {
    return new ExternalData(model, true);
  }

  /** None is expected. */
  static ExternalData none(Path file) {
    return new ExternalData(file, false);
  }

  /**
   * The bytes that a tensor's entries name.
   *
   * @param wanted how many there must be
   */
  ByteBuffer read(Map<String, String> entries, long wanted, long offset) throws IOException {
    String location = entries.getOrDefault("location", "");
    if (!allowed || location.isEmpty()) {
      throw new FormatException(model, offset, "expected data inside the file");
    }
    Path data = resolve(location, offset);
    long size = Files.size(data);
    long from = number(entries.getOrDefault("offset", "0"), offset);
    long length = number(entries.getOrDefault("length", Long.toString(wanted)), offset);
    if (length != wanted || wanted > Integer.MAX_VALUE - 8) {
      throw new FormatException(
          model,
          offset,
          "expected " + wanted + " bytes of external data, found a length of " + length);
    }
    if (from > size - wanted) {
      throw new FormatException(
          model,
          offset,
          location + " has " + size + " bytes; " + wanted + " bytes from " + from + " are wanted");
    }
    taken += wanted;
    if (taken > SHARING * size) {
      throw new FormatException(
          model,
          offset,
          "external tensors repeat " + location + " more than " + SHARING + " times");
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) wanted);
    try (FileChannel in =
        FileChannel.open(data, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      while (bytes.hasRemaining()) {
        if (in.read(bytes, from + bytes.position()) < 0) {
          throw new FormatException(model, offset, location + " became shorter while it was read");
        }
      }
    }
    return bytes.flip();
  }

  private Path resolve(String location, long offset) throws IOException {
    Path name;
    try {
      name = Path.of(location);
    } catch (InvalidPathException e) {
      throw new FormatException(model, offset, "external data: not a file name", e);
    }
    for (Path part : name) {
      if (part.toString().equals("..")) {
        throw outside(location, offset);
      }
    }
    if (name.isAbsolute()) {
      throw outside(location, offset);
    }
    Path folder = model.toAbsolutePath().normalize().getParent();
    Path home = (folder == null ? model.toAbsolutePath() : folder).toRealPath();
    Path data = home.resolve(name);
    if (!Files.exists(data, LinkOption.NOFOLLOW_LINKS)) {
      throw new FormatException(model, offset, "external data " + location + ": no such file");
    }
    if (!data.toRealPath().equals(data.normalize())
        || !Files.isRegularFile(data, LinkOption.NOFOLLOW_LINKS)) {
      throw outside(location, offset);
    }
    return data;
  }

  private FormatException outside(String location, long offset) {
    return new FormatException(
        model,
        offset,
        "external data " + location + ": expected a plain file inside the model's folder");
  }

  private long number(String text, long offset) throws FormatException {
    try {
      long n = Long.parseLong(text);
      if (n >= 0) {
        return n;
      }
    } catch (NumberFormatException e) {
      throw new FormatException(model, offset, "external data: not a number: " + text, e);
    }
    throw new FormatException(model, offset, "external data: negative: " + text);
  }
}
