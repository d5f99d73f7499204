package dev.harpia.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A training step makes its graph on the heap, and nothing else: in a JVM that has done nothing
 * before, since the classes that are loaded decide what the compilers make of a kernel.
 */
class TrainingHeapTest {
  private static final long LIMIT = 7_000;

  @Test
  void a_step_of_a_small_model_allocates_its_graph_only() throws Exception {
    Process probe =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--add-modules",
                    "jdk.incubator.vector",
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    TrainingHeapProbe.class.getName(),
                    String.valueOf(LIMIT)))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String out = new String(probe.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(probe.waitFor()).isZero();
    assertThat(Long.parseLong(out)).as("heap bytes of a step").isLessThanOrEqualTo(LIMIT);
  }
}
