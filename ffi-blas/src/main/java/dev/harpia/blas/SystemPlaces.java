package dev.harpia.blas;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Where an operating system keeps an installed OpenBLAS. The JVM loads a library by its absolute
 * path only, so that the linker's own search is not to be had.
 *
 * @param directories in the order of search
 * @param names file names, best first
 */
record SystemPlaces(List<Path> directories, List<String> names) {
  /** No such place. */
  static final SystemPlaces NONE = new SystemPlaces(List.of(), List.of());

  /**
   * The places of a machine, by the system properties {@code os.name}, {@code os.arch} and {@code
   * java.library.path}; the last one contains {@code LD_LIBRARY_PATH}, or {@code PATH} on Windows.
   */
  static SystemPlaces of(String osName, String osArch, String libraryPath) {
    String os = osName.toLowerCase(Locale.ROOT);
    Set<Path> directories = new LinkedHashSet<>();
    for (String entry : libraryPath.split(File.pathSeparator, -1)) {
      add(directories, entry);
    }
    if (os.startsWith("windows")) {
      return new SystemPlaces(List.copyOf(directories), List.of("libopenblas.dll", "openblas.dll"));
    }
    if (os.startsWith("mac")) {
      add(directories, "/opt/homebrew/opt/openblas/lib");
      add(directories, "/usr/local/opt/openblas/lib");
      add(directories, "/opt/local/lib");
      add(directories, "/usr/local/lib");
      return new SystemPlaces(
          List.copyOf(directories), List.of("libopenblas.0.dylib", "libopenblas.dylib"));
    }
    String triplet = (osArch.equals("amd64") ? "x86_64" : osArch) + "-linux-gnu";
    add(directories, "/usr/local/lib");
    add(directories, "/usr/lib/" + triplet);
    add(directories, "/usr/lib64");
    add(directories, "/usr/lib");
    add(directories, "/opt/OpenBLAS/lib");
    // Fedora's libopenblas.so.0 is the build without threads: ours are fewer permits there, so the
    // other one goes first
    return new SystemPlaces(
        List.copyOf(directories),
        List.of("libopenblasp.so.0", "libopenblas.so.0", "libopenblas.so"));
  }

  /** The libraries that are there; the same file under two names counts once. */
  List<Path> found() {
    List<Path> found = new ArrayList<>();
    Set<Path> seen = new LinkedHashSet<>();
    for (Path directory : directories) {
      for (String name : names) {
        Path path = directory.resolve(name);
        if (Files.isRegularFile(path) && seen.add(Reasons.real(path))) {
          found.add(path);
        }
      }
    }
    return List.copyOf(found);
  }

  /** A relative entry would load whatever lies in the working directory. */
  private static void add(Set<Path> directories, String entry) {
    try {
      Path path = Path.of(entry);
      if (path.isAbsolute()) {
        directories.add(path);
      }
    } catch (InvalidPathException e) {
      return; // such an entry names no directory
    }
  }
}
