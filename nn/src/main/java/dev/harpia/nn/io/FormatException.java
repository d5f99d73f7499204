package dev.harpia.nn.io;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file that is not what it should be: says which file, at which byte, and what was expected. */
public final class FormatException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final long offset;

  /**
   * A fault in a file.
   *
   * @param file the file
   * @param offset the byte where the fault is; in a packed file, counted after unpacking
   * @param expected what was expected there and what was found
   */
  public FormatException(Path file, long offset, String expected) {
    super(file + ": byte " + offset + ": " + expected);
    this.file = file.toString();
    this.offset = offset;
  }

  private FormatException(String message, Path file, @Nullable Throwable cause) {
    super(message, cause);
    this.file = file.toString();
    this.offset = -1;
  }

  /** A fault in a line of a text file, counted from 1. */
  public static FormatException inLine(Path file, long line, String expected) {
    return inLine(file, line, expected, null);
  }

  /** As {@link #inLine(Path, long, String)}, with what the lower layer said. */
  public static FormatException inLine(
      Path file, long line, String expected, @Nullable Throwable cause) {
    return new FormatException(file + ": line " + line + ": " + expected, file, cause);
  }

  /** As {@link #FormatException(Path, long, String)}, with what the lower layer said. */
  public FormatException(Path file, long offset, String expected, Throwable cause) {
    this(file, offset, expected);
    initCause(cause);
  }

  /** The faulty file. */
  public Path file() {
    return Path.of(file);
  }

  /** The byte where the fault is; in a packed file, counted after unpacking; −1 in text files. */
  public long offset() {
    return offset;
  }
}
