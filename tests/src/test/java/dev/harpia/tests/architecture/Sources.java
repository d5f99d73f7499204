package dev.harpia.tests.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The project's files, as the build laid them out. */
final class Sources {
  static final Path ROOT =
      Path.of(System.getProperty("harpia.root", "..")).toAbsolutePath().normalize();
  static final List<String> MODULES =
      List.of("simd", "ffi-blas", "nn", "micrometer", "models", "bench", "tests");

  /** Modules that users depend on. */
  static final List<String> PUBLISHED = List.of("simd", "ffi-blas", "nn", "models");

  private Sources() {}

  /** Files below a folder of each module whose name ends as given, without generated ones. */
  static List<Path> files(List<String> modules, String folder, String suffix) {
    return modules.stream()
        .map(m -> ROOT.resolve(m).resolve(folder))
        .filter(Files::isDirectory)
        .flatMap(d -> below(d, suffix).stream())
        .toList();
  }

  static List<Path> below(Path folder, String suffix) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(f -> f.toString().endsWith(suffix))
          .filter(f -> !f.toString().replace('\\', '/').contains("dev/harpia/blas/cblas/"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
