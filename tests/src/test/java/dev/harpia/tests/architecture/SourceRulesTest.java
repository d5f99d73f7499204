package dev.harpia.tests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A file holds one idea. */
class SourceRulesTest {
  private static final int CEILING = 400;
  private static final int CEILING_OF_TENSOR = 600;

  @Test
  void noFileIsOverItsCeiling() throws IOException {
    List<Path> files = Sources.files(Sources.MODULES, "src", ".java");
    assertThat(files).hasSizeGreaterThan(20);
    for (Path file : files) {
      int ceiling = file.endsWith("dev/harpia/tensor/Tensor.java") ? CEILING_OF_TENSOR : CEILING;
      try (Stream<String> lines = Files.lines(file)) {
        assertThat(lines.count())
            .as("lines of %s", Sources.ROOT.relativize(file))
            .isLessThanOrEqualTo(ceiling);
      }
    }
  }

  @Test
  void everyPackageIsNullMarked() throws IOException {
    List<Path> folders =
        Sources.files(Sources.MODULES, "src/main/java", ".java").stream()
            .map(Path::getParent)
            .distinct()
            .toList();
    for (Path folder : folders) {
      assertThat(folder.resolve("package-info.java"))
          .as("package-info.java of %s", Sources.ROOT.relativize(folder))
          .content()
          .contains("@NullMarked");
    }
  }
}
