package dev.harpia.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Recurrent and attention kernels give the same bits hot and cold and on any number of threads, at
 * every vector width.
 */
@Timeout(300)
class SequenceBitsTest {
  /** In a JVM of its own: prints the hashes, or checks everything against the formulas. */
  public static void main(String[] args) {
    if (args[0].equals("check")) {
      new AttentionPassTest().equalsTheFormulaAtOddSizes();
      for (RecurrentCell cell : RecurrentCell.values()) {
        RecurrentPassTest.checkAll(cell);
      }
      new RotaryTest().everySizeFromEveryPositionThereAndBack();
      System.out.println("right with " + Vectors.LANES + " lanes");
    } else {
      SequenceCases.lines(Integer.parseInt(args[0])).forEach(System.out::println);
    }
  }

  private static List<String> child(String argument, String... flags)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of(flags));
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            SequenceBitsTest.class.getName(),
            argument));
    // messages of the JVM and of the library's log go to standard error, and on to the test's
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(text).isZero();
    return text.lines().toList();
  }

  @Test
  void interpretedAndCompiledAgree() throws IOException, InterruptedException {
    List<String> hot = SequenceCases.lines(400);
    assertThat(SequenceCases.lines(1)).isEqualTo(hot);
    assertThat(child("1", "-Xint", "-Dharpia.vector.bits=" + 32 * Vectors.LANES)).isEqualTo(hot);
  }

  @Test
  void anyNumberOfThreadsAgrees() throws IOException, InterruptedException {
    List<String> one = Parallel.limit(1, () -> SequenceCases.lines(1));
    assertThat(Parallel.limit(2, () -> SequenceCases.lines(1))).isEqualTo(one);
    assertThat(child("1", "-Dharpia.threads=4", "-Dharpia.vector.bits=" + 32 * Vectors.LANES))
        .isEqualTo(one);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-XX:UseAVX=2", "-Dharpia.vector.bits=128"})
  void otherVectorWidthsAreRight(String flag) throws IOException, InterruptedException {
    assertThat(child("check", flag, "-XX:+IgnoreUnrecognizedVMOptions").getLast())
        .startsWith("right with ");
  }
}
