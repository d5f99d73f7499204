package dev.harpia.models.rl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.harpia.tensor.Rng;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training that is killed while it saves leaves a whole file, from which it goes on. */
final class KilledTrainingTest {
  @TempDir private Path folder = Path.of("");

  private static DqnTraining training() {
    Rng.seed(1);
    DqnSettings settings = DqnSettings.rainbowLite();
    return new DqnTraining(CartPole.v1(), new DqnAgent(settings, 4, 2), settings, 1);
  }

  /** Steps and saves, again and again, until it is killed. */
  static final class Victim {
    private Victim() {}

    public static void main(String[] args) throws IOException {
      DqnTraining training = training();
      Path file = Path.of(args[0]);
      if (Files.exists(file)) {
        training.load(file);
      }
      while (true) {
        training.run(training.taken() + 20);
        training.save(file);
      }
    }
  }

  @Test
  @Tag("full")
  void theFileIsWholeHoweverOftenItIsKilled() throws Exception {
    Path file = folder.resolve("training.safetensors");
    Rng delay = new Rng(7);
    long before = 0;
    for (int kill = 0; kill < 4; kill++) {
      Process victim =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "--add-modules",
                  "jdk.incubator.vector",
                  "--enable-native-access=ALL-UNNAMED",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Victim.class.getName(),
                  file.toString())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("said.txt").toFile())
              .start();
      FileTime old = Files.exists(file) ? Files.getLastModifiedTime(file) : FileTime.fromMillis(0);
      while (victim.isAlive() && !changed(file, old)) {
        Thread.sleep(5);
      }
      Thread.sleep(20 + delay.below(200)); // into the middle of some later save
      victim.destroyForcibly();
      assertThat(victim.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(victim.exitValue())
          .as(Files.readString(folder.resolve("said.txt")))
          .isEqualTo(137);
      DqnTraining resumed = training();
      resumed.load(file);
      assertThat(resumed.taken()).isGreaterThan(before);
      before = resumed.taken();
    }
  }

  private static boolean changed(Path file, FileTime before) throws IOException {
    return Files.exists(file) && !Files.getLastModifiedTime(file).equals(before);
  }
}
