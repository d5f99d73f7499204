package dev.harpia.models.cli;

import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Turns an exception into the one line that a user sees. */
final class Errors {
  private Errors() {}

  static String oneLine(Throwable e) {
    String text =
        switch (e) {
          case NoClassDefFoundError missing when mentionsVector(missing) ->
              "the Vector API is missing: start java with --add-modules jdk.incubator.vector"
                  + " --enable-native-access=ALL-UNNAMED, or use the launcher";
          case UncheckedIOException wrapped when wrapped.getCause() != null ->
              oneLine(wrapped.getCause());
          case FileSystemException file when file.getReason() == null ->
              file.getMessage() + ": " + reason(file);
          case OutOfMemoryError memory ->
              "the Java heap is too small ("
                  + memory.getMessage()
                  + "): raise it with JDK_JAVA_OPTIONS=-Xmx…";
          default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    return text.strip().replaceAll("\\s*\\R\\s*", " ");
  }

  private static boolean mentionsVector(NoClassDefFoundError e) {
    return String.valueOf(e.getMessage()).contains("jdk/incubator/vector");
  }

  private static String reason(FileSystemException e) {
    return switch (e) {
      case NoSuchFileException missing -> "no such file or directory";
      case AccessDeniedException denied -> "permission denied";
      default -> e.getClass().getSimpleName();
    };
  }
}
