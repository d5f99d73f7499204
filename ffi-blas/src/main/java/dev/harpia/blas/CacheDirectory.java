package dev.harpia.blas;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * The user's cache directory: never a directory that others can write to, unless the user names
 * one, because libraries are loaded from it.
 */
final class CacheDirectory {
  /** The system property that names another directory. */
  static final String PROPERTY = "harpia.cache";

  private CacheDirectory() {}

  /**
   * {@code -Dharpia.cache}, or {@code harpia} in the place that the operating system has for
   * caches; none without a home.
   */
  static Optional<Path> of(Properties system, Map<String, String> env) {
    String named = system.getProperty(PROPERTY, "");
    if (!named.isBlank()) {
      return path(named).map(Path::toAbsolutePath);
    }
    String os = system.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    Optional<Path> home = absolute(system.getProperty("user.home", ""));
    if (os.startsWith("windows")) {
      return absolute(env.getOrDefault("LOCALAPPDATA", ""))
          .or(() -> home.map(h -> h.resolve("AppData").resolve("Local")))
          .map(d -> d.resolve("harpia").resolve("cache"));
    }
    if (os.startsWith("mac")) {
      return home.map(h -> h.resolve("Library").resolve("Caches").resolve("harpia"));
    }
    // the XDG specification says that a relative path is to be ignored
    return absolute(env.getOrDefault("XDG_CACHE_HOME", ""))
        .or(() -> home.map(h -> h.resolve(".cache")))
        .map(d -> d.resolve("harpia"));
  }

  /** Creates a directory and its parents, for this user alone where the file system can say so. */
  static void create(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Path parent = directory.getParent();
    if (parent != null) {
      create(parent);
    }
    try {
      if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        Files.createDirectory(
            directory,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      } else {
        Files.createDirectory(directory);
      }
    } catch (FileAlreadyExistsException e) {
      // another process was quicker; anything but a directory is still in the way
      if (!Files.isDirectory(directory)) {
        throw e;
      }
    }
  }

  private static Optional<Path> absolute(String text) {
    return path(text).filter(Path::isAbsolute);
  }

  private static Optional<Path> path(String text) {
    try {
      return text.isBlank() ? Optional.empty() : Optional.of(Path.of(text));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
