package dev.harpia.models.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
  @TempDir Path dir;

  @Test
  void filesAppearTogetherAndWhole() throws IOException {
    Path out = dir.resolve("a/b");
    try (RunDirectory run = RunDirectory.open(Optional.of(out), "lab")) {
      run.text("one.txt", "1");
      run.text("two.txt", "2");
      assertThat(out.resolve("one.txt")).doesNotExist();
      run.publish();
    }
    assertThat(out.resolve("one.txt")).hasContent("1");
    assertThat(out).isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void aFailedRunLeavesEarlierResultsAlone() throws IOException {
    try (RunDirectory run = RunDirectory.open(Optional.of(dir), "lab")) {
      run.text("metrics.json", "good");
      run.publish();
    }
    assertThatThrownBy(
            () -> {
              try (RunDirectory run = RunDirectory.open(Optional.of(dir), "lab")) {
                run.text("metrics.json", "bad");
                run.write(
                    "model",
                    out -> {
                      out.write(1);
                      throw new IOException("No space left on device");
                    });
              }
            })
        .isInstanceOf(IOException.class)
        .hasMessage(dir.resolve("model") + ": cannot be written: No space left on device");
    assertThat(dir.resolve("metrics.json")).hasContent("good");
    assertThat(dir.toFile().list()).containsExactly("metrics.json");
  }

  @Test
  void aDirectoryBelowAFileIsRefusedAtOnce() throws IOException {
    Path file = Files.writeString(dir.resolve("file"), "x");
    assertThatThrownBy(() -> RunDirectory.open(Optional.of(file.resolve("out")), "lab"))
        .isInstanceOf(IOException.class)
        .hasMessage(file.resolve("out") + ": cannot be written to: Not a directory");
    assertThatThrownBy(() -> RunDirectory.open(Optional.of(file), "lab"))
        .isInstanceOf(IOException.class)
        .hasMessage(file + ": cannot be written to: there is a file of this name");
  }
}
