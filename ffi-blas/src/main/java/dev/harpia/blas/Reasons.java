package dev.harpia.blas;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Optional;

/** Why a place did not do, in words. */
final class Reasons {
  private Reasons() {}

  /**
   * The sentence for a file that could not be read or written; many such exceptions carry nothing
   * but the path.
   */
  static String of(IOException e) {
    if (e instanceof AccessDeniedException denied) {
      return "no permission for " + denied.getFile();
    }
    String message = Optional.ofNullable(e.getMessage()).orElse("no details");
    return e instanceof FileSystemException f && message.equals(f.getFile())
        ? e.getClass().getSimpleName() + ": " + message
        : message;
  }

  /** The linker's words, without the path that the sentence already has. */
  static String of(UnsatisfiedLinkError e, Path path) {
    String message = Optional.ofNullable(e.getMessage()).orElse("no details");
    String prefix = path + ": ";
    return message.startsWith(prefix) ? message.substring(prefix.length()) : message;
  }

  /** A path with its links followed, or as it is where that fails. */
  static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return path.toAbsolutePath();
    }
  }
}
