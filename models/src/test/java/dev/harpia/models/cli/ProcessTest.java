package dev.harpia.models.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only a process of its own can show: a full disk, and an interrupt. */
class ProcessTest {
  @TempDir Path dir;

  private List<String> command(String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--add-modules",
            "jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "lab",
            "mnist",
            "--model",
            "mlp"));
    command.addAll(List.of(args));
    return command;
  }

  @Test
  void aFullDiskIsOneLineAndEarlierResultsStay() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "needs a POSIX shell for ulimit");
    Files.writeString(dir.resolve("metrics.json"), "earlier");
    Files.writeString(dir.resolve("model.safetensors"), "earlier");
    List<String> words = command("--limit", "50", "--epochs", "1", "--out", dir.toString());
    // 64 KiB at most in one file: the metrics fit, the 400 KiB of weights do not
    List<String> limited =
        new ArrayList<>(List.of("/bin/sh", "-c", "ulimit -f 128; trap '' XFSZ; exec \"$@\"", "sh"));
    limited.addAll(words);
    limited.add(5, "-XX:-UsePerfData"); // a file of the JVM's own
    Process process = new ProcessBuilder(limited).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(output)
        .contains("harpia lab mnist: " + dir.resolve("model.safetensors") + ": cannot be written: ")
        .doesNotContain("\tat ");
    assertThat(process.exitValue()).as(output).isEqualTo(1);
    assertThat(dir.resolve("metrics.json")).hasContent("earlier");
    assertThat(dir.resolve("model.safetensors")).hasContent("earlier");
    assertThat(dir.toFile().list()).containsExactlyInAnyOrder("metrics.json", "model.safetensors");
  }

  @Test
  void anInterruptEndsWith130() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/kill")), "needs kill");
    Process process =
        new ProcessBuilder(command("--epochs", "10000", "--limit", "500", "--out", dir.toString()))
            .redirectErrorStream(true)
            .start();
    try (BufferedReader reader = process.inputReader(UTF_8)) {
      awaitEpoch(reader);
      assumeFalse(
          ignoresInterrupts(process),
          "SIGINT is ignored in this session, as under nohup or after &");
      assertThat(
              new ProcessBuilder("/bin/kill", "-INT", Long.toString(process.pid()))
                  .start()
                  .waitFor())
          .isZero();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).isEqualTo(130);
    assertThat(dir).isEmptyDirectory();
  }

  /** Whether the process was started with SIGINT ignored: bit 1 of Linux's mask. */
  private static boolean ignoresInterrupts(Process process) throws IOException {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    if (!Files.isReadable(status)) {
      return false;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("SigIgn:"))
        .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
  }

  /** Interpreted, half compiled or compiled: the same bits. */
  @Test
  @Tag("full")
  void interpretedAndCompiledCodeGiveTheSameWeights() throws Exception {
    for (String model : List.of("mlp", "cnn")) {
      byte[][] weights = new byte[2][];
      for (int i = 0; i < 2; i++) {
        Path out = dir.resolve(model + i);
        List<String> words =
            command("--limit", "8", "--batch", "3", "--epochs", "1", "--out", out.toString());
        words.set(words.indexOf("--model") + 1, model);
        if (i == 0) {
          words.add(1, "-Xint");
        }
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        weights[i] = Files.readAllBytes(out.resolve("model.safetensors"));
      }
      assertThat(weights[1]).as(model).isEqualTo(weights[0]);
    }
  }

  private static void awaitEpoch(BufferedReader reader) throws IOException {
    List<String> seen = new ArrayList<>();
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      seen.add(line);
      if (line.startsWith("epoch 2/")) {
        return;
      }
    }
    assertThat(seen).as("output before the second epoch").contains("epoch 2/");
  }
}
