package dev.harpia.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * One seed gives the same bits, for any number of threads, interpreted or compiled: training steps
 * in JVMs of their own.
 */
@Tag("full")
class BitsTest {
  @Test
  void training_does_not_depend_on_threads_or_compilation() throws Exception {
    String expected = run("3", "-Dharpia.threads=1");
    assertThat(run("3", "-Dharpia.threads=2")).as("2 threads").isEqualTo(expected);
    assertThat(run("3", "-Dharpia.threads=4")).as("4 threads").isEqualTo(expected);
    assertThat(run("3", "-Dharpia.threads=2", "-Xint")).as("interpreted").isEqualTo(expected);
    assertThat(run("3", "-Dharpia.threads=1", "-XX:TieredStopAtLevel=1"))
        .as("C1")
        .isEqualTo(expected);
  }

  @Test
  void a_hot_jvm_computes_what_a_cold_one_does() throws Exception {
    // the probe trains the same model again and again until everything is compiled
    assertThat(run("3 60", "-Dharpia.threads=2")).isEqualTo(run("3", "-Dharpia.threads=2"));
  }

  private static String run(String arguments, String... options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--add-modules",
            "jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-Dharpia.blas=off",
            "-cp",
            System.getProperty("java.class.path")));
    command.addAll(List.of(options));
    command.add(BitsProbe.class.getName());
    command.addAll(List.of(arguments.split(" ")));
    Process p = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String out = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(p.waitFor()).as(String.join(" ", command)).isZero();
    assertThat(out).isNotEmpty();
    return out;
  }
}
