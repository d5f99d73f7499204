package dev.harpia.nn.learning;

import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the tables to learn from are, if they are there. */
final class Tables {
  private Tables() {}

  /** A table in the folder {@code shared} beside the checkout; the test is skipped without it. */
  static Path find(String name) {
    Path root = Path.of(System.getProperty("harpia.root", ".")).toAbsolutePath();
    for (Path p = root; p != null; p = p.getParent()) {
      Path file = p.resolve("shared/data/tables").resolve(name);
      if (Files.isRegularFile(file)) {
        return file;
      }
    }
    return abort("skipped: no shared/data/tables/" + name + " beside the checkout to learn from");
  }
}
