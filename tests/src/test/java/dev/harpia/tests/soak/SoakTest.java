package dev.harpia.tests.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Hours of service in ten minutes ({@code -Dvm.extra=-Dharpia.soak.seconds=N} for another time):
 * memory stays flat, nothing is collected, every answer has the same bits.
 */
class SoakTest {
  private static final double SECONDS =
      Double.parseDouble(System.getProperty("harpia.soak.seconds", "600"));
  private static final long SLACK_KIB = 32 * 1024; // stacks, code and the collector's own tables

  private static Path models() {
    Path root = Path.of(System.getProperty("harpia.root", ".")).toAbsolutePath();
    for (Path p = root; p != null; p = p.getParent()) {
      Path folder = p.resolve("shared/data/models");
      if (Files.isDirectory(folder)) {
        return folder;
      }
    }
    return Path.of("missing");
  }

  @Test
  @Tag("soak")
  void sixty_four_threads_on_mixed_models() throws Exception {
    Path models = models();
    assumeTrue(Files.isDirectory(models), "skipped: no shared/data/models beside the checkout");
    assumeTrue(Files.isReadable(Path.of("/proc/self/status")), "skipped: needs Linux's /proc");
    double warm = 120; // at most
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-Xms512m",
                "-Xmx512m",
                "-Xmn384m",
                "-XX:+AlwaysPreTouch", // resident from the start: growth is then not the heap's
                "-cp",
                System.getProperty("java.class.path"),
                SoakMain.class.getName(),
                models.toString(),
                Double.toString(warm),
                Double.toString(SECONDS))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    System.out.println(output);
    Map<String, Long> figures = new HashMap<>();
    output
        .lines()
        .filter(l -> l.matches("[A-Za-z.]+=-?[0-9]+"))
        .forEach(l -> figures.put(l.split("=")[0], Long.valueOf(l.split("=")[1])));
    assertThat(figures).as(output).containsKeys("requests", "wrong", "collections");
    for (String name : new String[] {"silero", "ultraface", "mlp", "cnn", "lstm"}) {
      assertThat(figures.get(name + ".requests")).as(name).isPositive();
    }
    assertThat(figures.get("wrong")).as("answers with other bits").isZero();
    assertThat(figures.get("collections")).as("collections while serving").isZero();
    assertThat(figures.get("offheap.growth")).as("memory outside the heap").isLessThanOrEqualTo(0);
    assertThat(figures.get("rss.most.KiB"))
        .as("resident memory, from " + figures.get("rss.before.KiB"))
        .isLessThan(figures.get("rss.before.KiB") + SLACK_KIB);
    assertThat(figures.get("heap.bytes.per.request"))
        .as("only callers that wait for a workspace queue up on the heap")
        .isLessThan(256);
  }
}
