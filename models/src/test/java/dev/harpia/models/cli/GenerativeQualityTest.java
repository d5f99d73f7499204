package dev.harpia.models.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the labs of generative models reach with their own settings: for many minutes each. */
@Tag("soak")
class GenerativeQualityTest {
  @TempDir private Path dir;

  private String json(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> all = new ArrayList<>(List.of("lab"));
    all.addAll(List.of(args));
    all.addAll(List.of("--json", "--out", dir.resolve(args[0]).toString()));
    int code =
        Main.run(
            all.toArray(String[]::new), new PrintWriter(out, true), new PrintWriter(err, true));
    assertThat(code).as(err.toString()).isZero();
    return out.toString();
  }

  private static double number(String json, String key) {
    return Double.parseDouble(json.replaceAll("(?s).*?\"" + key + "\": ([0-9.E+-]+).*", "$1"));
  }

  private static String mnist() {
    Path data = Path.of("..", "..", "shared", "data", "mnist").toAbsolutePath().normalize();
    assumeThat(Files.isDirectory(data)).as("MNIST in " + data).isTrue();
    return data.toString();
  }

  @Test
  void aVaeOfTwentyVariablesCompressesDigitsAndDrawsThem() {
    String json = json("vae", "--data", mnist(), "--epochs", "10");
    assertThat(number(json, "test_nats")).isLessThanOrEqualTo(106);
    assertThat(number(json, "sample_confidence")).isGreaterThanOrEqualTo(0.8);
  }

  @Test
  void resamplingHalvesTheGapAndKeepsTheAccuracy() {
    String json = json("faces", "--runs", "3");
    assertThat(number(json, "gap_shrinks_by")).isGreaterThanOrEqualTo(0.5);
    assertThat(number(json, "dbvae_accuracy"))
        .isGreaterThanOrEqualTo(number(json, "cnn_accuracy") - 0.01);
  }

  @Test
  void aGanDrawsAllDigits() {
    String json = json("gan", "--data", mnist());
    assertThat(json).contains("\"collapsed\": false");
    assertThat(number(json, "sample_classes")).isEqualTo(10);
    assertThat(number(json, "largest_share")).isLessThanOrEqualTo(0.25);
  }

  @Test
  void diffusionDrawsAllDigits() {
    String json = json("diffusion", "--data", mnist(), "--epochs", "4");
    assertThat(json).contains("\"collapsed\": false");
    assertThat(number(json, "sample_confidence")).isGreaterThanOrEqualTo(0.8);
  }
}
