package dev.harpia.nn.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that is killed again and again ends with the bits of the unbroken run. */
class KillTest {
  @TempDir Path dir;

  @Test
  @Tag("full")
  void killedFiveTimes() throws IOException, InterruptedException {
    killed(5, 25);
  }

  @Test
  @Tag("soak")
  void killedFiftyTimes() throws IOException, InterruptedException {
    killed(50, 150);
  }

  private void killed(int times, int waitMillis) throws IOException, InterruptedException {
    Path broken = Files.createDirectory(dir.resolve("broken"));
    Path unbroken = Files.createDirectory(dir.resolve("unbroken"));
    finish(unbroken);
    Random random = new Random(System.nanoTime());
    int resumed = 0;
    for (int i = 0; i < times; i++) {
      Process child = start(broken, waitMillis);
      try (BufferedReader out =
          new BufferedReader(
              new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
        // Now and then while it begins, mostly around the saving of a checkpoint.
        boolean early = random.nextInt(5) == 0;
        String line = await(out, early ? "begun" : "step");
        assertThat(line).as("the run begins again after kill " + i).isNotNull();
        Thread.sleep(random.nextInt(600));
        boolean alive = child.isAlive();
        child.destroyForcibly().waitFor();
        assertThat(alive).as("killed before it was done, time " + i).isTrue();
      }
      resumed += Checkpoints.newest(broken).isPresent() ? 1 : 0;
    }
    assertThat(resumed).as("kills after the first checkpoint").isPositive();
    finish(broken);
    for (String file : List.of("final.safetensors", "rng.txt")) {
      assertThat(broken.resolve(file)).as(file).hasSameBinaryContentAs(unbroken.resolve(file));
    }
    // The best checkpoint holds times, too: it is compared by its tensors.
    Checkpoint.Content a = Checkpoint.Content.read(broken.resolve("best.safetensors"));
    Checkpoint.Content b = Checkpoint.Content.read(unbroken.resolve("best.safetensors"));
    assertThat(a.tensors().keySet()).isEqualTo(b.tensors().keySet());
    a.tensors()
        .forEach(
            (name, t) ->
                assertThat(t.segment().mismatch(b.tensors().getOrDefault(name, t).segment()))
                    .as(name)
                    .isEqualTo(-1));
  }

  private static @Nullable String await(BufferedReader out, String start) throws IOException {
    String line = out.readLine();
    while (line != null && !line.startsWith(start)) {
      line = out.readLine();
    }
    return line;
  }

  private static void finish(Path directory) throws IOException, InterruptedException {
    Process child = start(directory, 0);
    child.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
    assertThat(child.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(child.exitValue()).isZero();
  }

  private static Process start(Path directory, int wait) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(a -> a.startsWith("--add-modules") || a.startsWith("--enable-native"))
        .forEach(command::add);
    command.addAll(
        List.of("-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Job.class.getName(), directory.toString(), Integer.toString(wait)));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }
}
