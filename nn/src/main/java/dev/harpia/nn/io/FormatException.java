package dev.harpia.nn.io;

import java.io.IOException;
import java.nio.file.Path;

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

  /** As {@link #FormatException(Path, long, String)}, with what the lower layer said. */
  public FormatException(Path file, long offset, String expected, Throwable cause) {
    this(file, offset, expected);
    initCause(cause);
  }

  /** The faulty file. */
  public Path file() {
    return Path.of(file);
  }

  /** The byte where the fault is; in a packed file, counted after unpacking. */
  public long offset() {
    return offset;
  }
}
