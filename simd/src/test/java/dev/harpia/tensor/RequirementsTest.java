package dev.harpia.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The first use says what is missing, in one sentence with the remedy. */
class RequirementsTest {
  /** Makes a tensor and prints what comes of it. */
  static final class Probe {
    public static void main(String[] args) {
      try {
        System.out.println(Tensor.zeros(1));
      } catch (UnsupportedOperationException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  @Test
  void without_the_vector_module() throws Exception {
    assertThat(run()).contains("start the JVM with --add-modules jdk.incubator.vector");
  }

  @Test
  void without_avx2() throws Exception {
    assumeTrue(System.getProperty("os.arch").equals("amd64"), "UseAVX is an option on x86 only");
    assertThat(run("--add-modules", "jdk.incubator.vector", "-XX:UseAVX=1"))
        .contains("without AVX2 and FMA (UseAVX=1");
  }

  @Test
  void with_everything() throws Exception {
    assertThat(run("--add-modules", "jdk.incubator.vector")).isEqualTo("Tensor[1] [0]");
  }

  private static String run(String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Probe.class.getName()));
    Process p = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String out = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    p.waitFor();
    return out;
  }
}
