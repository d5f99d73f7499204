package dev.harpia.models.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.harpia.models.report.Browser;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The labs of generative models through the command line, on very little data. */
class GenerativeLabTest {
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();
  @TempDir private Path dir;

  private int run(String... args) {
    out = new StringWriter();
    err = new StringWriter();
    return Main.run(args, new PrintWriter(out, true), new PrintWriter(err, true));
  }

  private String json(String... args) {
    List<String> all = new ArrayList<>(List.of("lab"));
    all.addAll(List.of(args));
    all.addAll(List.of("--threads", "1", "--json"));
    assertThat(run(all.toArray(String[]::new))).as(err.toString()).isZero();
    return out.toString().strip();
  }

  private void fails(int code, String message, String... args) {
    assertThat(run(args)).as(String.join(" ", args)).isEqualTo(code);
    String[] lines = err.toString().split("\\R");
    assertThat(lines[lines.length - 1]).contains(message);
    assertThat(out.toString()).isEmpty();
  }

  private static double number(String json, String key) {
    return Double.parseDouble(json.replaceAll("(?s).*?\"" + key + "\": ([0-9.E+-]+).*", "$1"));
  }

  private static void leaves(Path results, String... files) {
    for (String file : files) {
      assertThat(results.resolve(file)).isNotEmptyFile();
    }
    assertThat(results.resolve("report.html")).content().contains("<canvas", "data:image/png");
  }

  @Test
  void vaeLeavesItsResultsAndOneSeedRepeatsThem() throws IOException {
    byte[][] weights = new byte[2][];
    String judge = "";
    for (int i = 0; i < 2; i++) {
      Path to = dir.resolve("vae" + i);
      List<String> args =
          new ArrayList<>(List.of("vae", "--limit", "100", "--epochs", "1", "--model", "dense"));
      args.addAll(List.of("--out", to.toString()));
      if (i == 1) { // the run is the same with the judge of the first
        args.addAll(List.of("--judge", judge, "--compare", dir.resolve("vae0").toString()));
      }
      String json = json(args.toArray(String[]::new));
      assertThat(json).startsWith("{\"lab\": \"vae\", \"model\": \"dense\", \"test_elbo_nats\": -");
      assertThat(number(json, "test_nats"))
          .isEqualTo(
              number(json, "test_reconstruction") + number(json, "test_kl"),
              org.assertj.core.api.Assertions.within(0.01));
      assertThat(json.contains("\"compared_vae0\": {\"model\": \"vae0\"")).isEqualTo(i == 1);
      assertThat(Files.readAllLines(to.resolve("metrics.json"))).hasSize(2);
      leaves(to, "curves.png", "samples.png", "reconstructions.png", "map.png", "walk.png");
      leaves(to, "interpolation.png", "samples.gif", "samples.npy", "classes.png");
      weights[i] = Files.readAllBytes(to.resolve("model.safetensors"));
      judge = to.resolve("judge.safetensors").toString();
    }
    assertThat(weights[1]).isEqualTo(weights[0]);
  }

  @Test
  void aConditionalVaeOfTwoVariablesLeavesItsPlane() {
    Path to = dir.resolve("vae");
    String json =
        json(
            "vae",
            "--model",
            "dense",
            "--latent",
            "2",
            "--conditional",
            "--limit",
            "100",
            "--epochs",
            "1",
            "--out",
            to.toString());
    assertThat(json).contains("\"conditional\": true", "\"drawn_as_asked\": ");
    leaves(to, "plane.png", "map.png", "walk.png");
  }

  @Test
  void facesLeaveATableByGroup() throws IOException {
    Path to = dir.resolve("faces");
    String json =
        json("faces", "--limit", "40", "--epochs", "1", "--ssvae", "--out", to.toString());
    assertThat(json)
        .contains("\"CNN\": {\"overall\": ", "\"SS-VAE\": {", "\"DB-VAE\": {")
        .contains("\"rare_group\": \"dark, ", "\"gap_shrinks_by\": ");
    leaves(to, "examples.png", "accuracy.png", "probability.png", "drawn.png", "weights.png");
    leaves(to, "reconstructions.png", "model.safetensors", "metrics.json");
    leaves(to, "curves.png", "extremes.png", "walk.png", "walk.gif", "interpolation.png");
    leaves(to, "densities.png", "certainty.png");
  }

  @Test
  void ganLeavesItsResults() throws IOException {
    Path to = dir.resolve("gan");
    String json =
        json("gan", "--model", "cgan", "--limit", "100", "--epochs", "1", "--out", to.toString());
    assertThat(json).contains("\"model\": \"cgan\"", "\"drawn_as_asked\": ", "\"frechet\": ");
    leaves(to, "curves.png", "samples.png", "samples.gif", "interpolation.png", "samples.npy");
  }

  @Test
  void diffusionLeavesItsResults() throws IOException {
    Path to = dir.resolve("diffusion");
    String json =
        json(
            "diffusion",
            "--width",
            "8",
            "--steps",
            "4",
            "--limit",
            "100",
            "--epochs",
            "1",
            "--out",
            to.toString());
    assertThat(json).contains("\"sampling_steps\": 4", "\"samples_per_second\": ");
    leaves(to, "curves.png", "samples.png", "samples.gif", "denoising.png", "samples.npy");
  }

  @Test
  void wrongUsage() throws IOException {
    fails(2, "--latent: 0: must be from 1 to 1024", "lab", "vae", "--latent", "0");
    fails(2, "--beta: -1.0: must be from 0 to 1000", "lab", "vae", "--beta", "-1");
    fails(2, "--limit: 5: must be at least 100", "lab", "gan", "--limit", "5");
    fails(2, "--noise: 0: must be from 1 to 4096", "lab", "gan", "--noise", "0");
    fails(2, "--width: 9: must be a multiple of 8", "lab", "diffusion", "--width", "9");
    fails(
        2,
        "--sampling-steps: 500: must be from 1 to 400",
        "lab",
        "diffusion",
        "--sampling-steps",
        "500");
    fails(2, "--limit: 3: must be from 32 to 100000", "lab", "faces", "--limit", "3");
    fails(2, "--limit: it is for drawn faces", "lab", "faces", "--limit", "50", "--data", "x");
    fails(2, "--smoothing: -1.0: must be from 0 to 1000", "lab", "faces", "--smoothing", "-1");
    String to = dir.resolve("out").toString();
    Path empty = Files.createDirectory(dir.resolve("empty"));
    fails(
        1,
        "found neither faces and non-faces nor faces-utk64",
        "lab",
        "faces",
        "--data",
        empty.toString(),
        "--out",
        to);
    fails(
        1,
        "found neither this file nor train-images-idx3-ubyte.gz",
        "lab",
        "vae",
        "--data",
        empty.toString(),
        "--out",
        to);
    // told before the training
    fails(1, "nowhere", "lab", "vae", "--limit", "100", "--compare", "nowhere", "--out", to);
    assertThat(err.toString()).doesNotContain("epoch");
    fails(1, "nowhere", "lab", "vae", "--limit", "100", "--judge", "nowhere", "--out", to);
    assertThat(err.toString()).doesNotContain("epoch");
    try (Stream<Path> left = Files.list(dir.resolve("out"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void digitsOfOneClassOnly() throws IOException {
    Path data = Files.createDirectory(dir.resolve("data"));
    for (String part : List.of("train", "t10k")) {
      ByteBuffer pixels = ByteBuffer.allocate(16 + 100 * 784);
      pixels.putInt(0x803).putInt(100).putInt(28).putInt(28);
      Files.write(data.resolve(part + "-images-idx3-ubyte"), pixels.array());
      ByteBuffer labels = ByteBuffer.allocate(8 + 100).putInt(0x801).putInt(100);
      Files.write(data.resolve(part + "-labels-idx1-ubyte"), labels.array());
    }
    String to = dir.resolve("out").toString();
    for (String lab : List.of("vae", "gan", "diffusion")) {
      fails(
          1,
          data + ": all 100 training digits are of one class, 0: there must be 2 to tell apart",
          "lab",
          lab,
          "--data",
          data.toString(),
          "--out",
          to);
    }
  }

  @Test
  @Tag("full")
  void reportsOpenInABrowserWithoutErrors() throws IOException, InterruptedException {
    Path vae = dir.resolve("vae");
    json("vae", "--limit", "100", "--epochs", "1", "--model", "dense", "--out", vae.toString());
    Browser.check(vae.resolve("report.html"), dir.resolve("profile"), 3);
    Path faces = dir.resolve("faces");
    json("faces", "--limit", "40", "--epochs", "1", "--out", faces.toString());
    Browser.check(faces.resolve("report.html"), dir.resolve("profile"), 6);
  }

  @Test
  @Tag("full")
  void conditionalModelsDrawTheDigitThatIsAskedFor() {
    String vae =
        json(
            "vae",
            "--conditional",
            "--limit",
            "4000",
            "--epochs",
            "8",
            "--batch",
            "32",
            "--out",
            dir.resolve("vae").toString());
    assertThat(number(vae, "drawn_as_asked")).isGreaterThan(0.7); // by chance 0.1
    String gan =
        json(
            "gan",
            "--model",
            "cgan",
            "--limit",
            "2000",
            "--epochs",
            "8",
            "--batch",
            "32",
            "--out",
            dir.resolve("gan").toString());
    assertThat(number(gan, "drawn_as_asked")).isGreaterThan(0.7);
  }

  @Test
  @Tag("full")
  void aSmallVaeLearnsToCompress() {
    String json =
        json(
            "vae",
            "--limit",
            "2000",
            "--epochs",
            "6",
            "--batch",
            "64",
            "--out",
            dir.resolve("vae").toString());
    // before learning 543 nats, with the mean picture alone about 200
    assertThat(number(json, "test_nats")).isLessThan(160);
    assertThat(number(json, "test_kl")).isBetween(5.0, 40.0);
  }
}
