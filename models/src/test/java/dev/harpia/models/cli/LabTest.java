package dev.harpia.models.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The labs through the command line: what they leave, and what they say to bad input. */
class LabTest {
  private static final String KEYS =
      "\\{\"lab\": \"mnist\", \"model\": \"(mlp|cnn)\", \"test_accuracy\": [0-9.E-]+,"
          + " \"test_loss\": [0-9.E-]+, \"train_images_per_second\": [0-9.E+]+,"
          + " \"infer_images_per_second\": [0-9.E+]+, \"seconds\": [0-9.E-]+, \"epochs\": 1,"
          + " \"seed\": 3, \"threads\": 1, \"gemm\": \"[^\"]+\", \"out\": \"[^\"]+\"\\}";

  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();
  @TempDir Path dir;

  @BeforeEach
  void fresh() {
    out = new StringWriter();
    err = new StringWriter();
  }

  private int run(String... args) {
    return Main.run(args, new PrintWriter(out, true), new PrintWriter(err, true));
  }

  /** The lab fails with this code, and says exactly this one line. */
  private void fails(int code, String line, String... args) {
    fresh();
    assertThat(run(args)).as(String.join(" ", args)).isEqualTo(code);
    assertThat(err.toString().lines()).containsExactly(line);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void mnistLeavesMetricsWeightsAndPictures() throws IOException {
    for (String model : List.of("mlp", "cnn")) {
      fresh();
      Path results = dir.resolve(model);
      int code =
          run(
              "lab",
              "mnist",
              "--model",
              model,
              "--limit",
              "100",
              "--epochs",
              "1",
              "--seed",
              "3",
              "--threads",
              "1",
              "--out",
              results.toString(),
              "--json");
      assertThat(code).as(err.toString()).isZero();
      assertThat(out.toString().strip()).matches(KEYS);
      List<String> metrics = Files.readAllLines(results.resolve("metrics.json"));
      assertThat(metrics).hasSize(2);
      assertThat(metrics.getFirst()).startsWith("{\"epoch\": 1, \"train_loss\": ");
      assertThat(metrics.getLast())
          .contains("\"lab\": \"mnist\"", "\"cpu\": \"", "\"java\": \"", "\"data\": \"synthetic\"");
      assertThat(results.resolve("model.safetensors")).isNotEmptyFile();
      assertThat(results.resolve("report.html"))
          .content()
          .contains("./harpia lab mnist --model " + model, "<th>seed</th><td>3</td>", "<canvas");
      for (String picture : List.of("curves", "digits", "hardest", "confusion")) {
        assertThat(ImageIO.read(results.resolve(picture + ".png").toFile()).getWidth())
            .isGreaterThan(300);
      }
    }
  }

  @Test
  void oneSeedGivesTheSameWeightsForAnyNumberOfThreads() throws IOException {
    for (String model : List.of("mlp", "cnn")) {
      byte[][] weights = new byte[3][];
      for (int i = 0; i < 3; i++) {
        Path results = dir.resolve(model + i);
        String threads = i == 2 ? "2" : "1";
        int code =
            run(
                "lab",
                "mnist",
                "--model",
                model,
                "--limit",
                "300",
                "--epochs",
                "1",
                "--threads",
                threads,
                "--out",
                results.toString());
        assertThat(code).as(err.toString()).isZero();
        weights[i] = Files.readAllBytes(results.resolve("model.safetensors"));
      }
      assertThat(weights[1]).isEqualTo(weights[0]);
      assertThat(weights[2]).isEqualTo(weights[0]);
    }
  }

  @Test
  void perceptronLearnsWhatALineSeparates() {
    assertThat(run("lab", "perceptron", "--out", dir.toString(), "--json"))
        .as(err.toString())
        .isZero();
    assertThat(out.toString())
        .startsWith(
            "{\"lab\": \"perceptron\", \"and_accuracy\": 1, \"or_accuracy\": 1, \"xor_accuracy\":"
                + " 0.");
    double course =
        Double.parseDouble(
            out.toString().replaceAll("(?s).*\"course_accuracy\": ([0-9.]+).*", "$1"));
    assertThat(course).isBetween(0.88, 1.0);
    assertThat(dir.resolve("decisions.png")).isNotEmptyFile();
    assertThat(dir.resolve("report.html")).content().contains("--json --seed 1</code>");
    assertThat(dir.resolve("perceptron.safetensors")).isNotEmptyFile();
    assertThat(dir.resolve("metrics.json")).isNotEmptyFile();
  }

  @Test
  void wrongUsage() {
    String see = " (see harpia lab mnist --help)";
    fails(2, "harpia lab mnist: Unknown option: '--nix'" + see, "lab", "mnist", "--nix");
    fails(
        2,
        "harpia lab mnist: --batch: 0: must be from 1 to 65536" + see,
        "lab",
        "mnist",
        "--batch",
        "0");
    fails(
        2,
        "harpia lab mnist: --batch: -5: must be from 1 to 65536" + see,
        "lab",
        "mnist",
        "--batch",
        "-5");
    fails(
        2,
        "harpia lab mnist: --epochs: 0: must be from 1 to 10000" + see,
        "lab",
        "mnist",
        "--epochs",
        "0");
    fails(
        2,
        "harpia lab mnist: --lr: NaN: must be above 0 and at most 100" + see,
        "lab",
        "mnist",
        "--lr",
        "NaN");
    fails(
        2,
        "harpia lab mnist: --limit: 0: must be at least 1" + see,
        "lab",
        "mnist",
        "--limit",
        "0");
    fails(
        2,
        "harpia lab mnist: --threads: 0: must be from 1 to 1024" + see,
        "lab",
        "mnist",
        "--threads",
        "0");
    fails(
        2,
        "harpia lab mnist: Invalid value for option '--batch': 'many' is not an int" + see,
        "lab",
        "mnist",
        "--batch",
        "many");
    fails(
        2,
        "harpia lab: which lab? perceptron, mnist, cifar, notmnist, xray, segment, vae, faces, gan,"
            + " diffusion, gpt, attention, seq2seq, music, finetune, forecast, cartpole,"
            + " snake, pong, trading (see harpia lab --help)",
        "lab");
  }

  @Test
  void aMissingDirectory() {
    Path missing = dir.resolve("nowhere");
    fails(1, "harpia lab mnist: " + missing + ": no such directory", mnist(missing));
  }

  @Test
  void truncatedGzip() throws IOException {
    Path data = files(10, 10);
    Path images = data.resolve("train-images-idx3-ubyte.gz");
    Files.write(images, java.util.Arrays.copyOf(Files.readAllBytes(images), 30));
    fails(
        1,
        "harpia lab mnist: "
            + images
            + ": byte 0: truncated gzip data while reading the magic number",
        mnist(data));
  }

  @Test
  void wrongMagic() throws IOException {
    Path data = files(10, 10);
    Files.writeString(data.resolve("train-images-idx3-ubyte"), "<html>404</html>");
    fails(
        1,
        "harpia lab mnist: "
            + data.resolve("train-images-idx3-ubyte")
            + ": byte 0: expected magic 0x00000803 (IDX images), found 0x3C68746D",
        mnist(data));
  }

  @Test
  void labelsThatDoNotMatch() throws IOException {
    Path data = files(10, 9);
    fails(
        1,
        "harpia lab mnist: "
            + data.resolve("train-images-idx3-ubyte.gz")
            + ": byte 4: expected 9 images, as train-labels-idx1-ubyte.gz has labels; found 10",
        mnist(data));
  }

  @Test
  void aResultDirectoryThatCannotBe() throws IOException {
    Path file = Files.writeString(dir.resolve("file"), "x");
    fails(
        1,
        "harpia lab mnist: " + file.resolve("out") + ": cannot be written to: Not a directory",
        "lab",
        "mnist",
        "--out",
        file.resolve("out").toString());
  }

  private String[] mnist(Path data) {
    return new String[] {
      "lab", "mnist", "--data", data.toString(), "--out", dir.resolve("out").toString()
    };
  }

  private Path files(int images, int labels) throws IOException {
    Path data = Files.createDirectory(dir.resolve("data"));
    for (String part : List.of("train", "t10k")) {
      ByteBuffer pixels = ByteBuffer.allocate(16 + images * 784);
      pixels.putInt(0x803).putInt(images).putInt(28).putInt(28);
      packed(data.resolve(part + "-images-idx3-ubyte.gz"), pixels);
      packed(
          data.resolve(part + "-labels-idx1-ubyte.gz"),
          ByteBuffer.allocate(8 + labels).putInt(0x801).putInt(labels));
    }
    return data;
  }

  private static void packed(Path file, ByteBuffer bytes) throws IOException {
    try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(bytes.array());
    }
  }
}
