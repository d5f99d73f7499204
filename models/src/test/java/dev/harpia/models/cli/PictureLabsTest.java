package dev.harpia.models.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.harpia.models.picture.Fonts;
import dev.harpia.models.report.Browser;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The labs of pictures through the command line: what they leave, and what they say to bad input.
 */
class PictureLabsTest {
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

  private void fails(int code, String line, String... args) {
    fresh();
    assertThat(run(args)).as(String.join(" ", args)).isEqualTo(code);
    assertThat(err.toString().lines()).containsExactly(line);
    assertThat(out.toString()).isEmpty();
  }

  private void leaves(Path results, String... pictures) throws IOException {
    assertThat(results.resolve("model.safetensors")).isNotEmptyFile();
    assertThat(Files.readAllLines(results.resolve("metrics.json")).getLast())
        .contains("\"cpu\": \"", "\"settings\": \"", "\"parameters\": ");
    if (Fonts.problem().isEmpty()) {
      for (String picture : pictures) {
        assertThat(ImageIO.read(results.resolve(picture + ".png").toFile()).getWidth())
            .as(picture)
            .isGreaterThan(300);
      }
    }
  }

  /** Photographs of two classes: one dark, one light. */
  private Path photographs() throws IOException {
    Path data = dir.resolve("data");
    for (String part : List.of("train", "test")) {
      for (int i = 0; i < 8; i++) {
        Path folder =
            Files.createDirectories(data.resolve(part).resolve(i % 2 == 0 ? "day" : "night"));
        BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
        for (int p = 0; p < 1024; p++) {
          image.setRGB(p % 32, p / 32, (i % 2 == 0 ? 0xA0B0C0 : 0x102030) + 3 * i + p % 7);
        }
        ImageIO.write(image, "png", folder.resolve(i + ".png").toFile());
      }
    }
    return data;
  }

  @Test
  void cifarLeavesItsResultsAndAReportThatOpens() throws IOException, InterruptedException {
    Path results = dir.resolve("out");
    int code =
        run(
            "lab",
            "cifar",
            "--data",
            photographs().toString(),
            "--model",
            "vgg",
            "--epochs",
            "2",
            "--batch",
            "4",
            "--threads",
            "1",
            "--seed",
            "3",
            "--out",
            results.toString(),
            "--json");
    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString())
        .startsWith("{\"lab\": \"cifar\", \"model\": \"vgg\", \"data\": ")
        .contains("\"test_accuracy\": ", "\"seed\": 3", "\"epochs\": 2");
    leaves(results, "loss", "accuracy", "steps", "classes", "pictures", "hardest", "maps");
    assertThat(Files.readString(results.resolve("report.html")))
        .contains("./harpia lab cifar --data ", "true \\ said", "<th>night</th>");
    Browser.check(results.resolve("report.html"), dir.resolve("profile"), 4);
  }

  @Test
  void xrayAddsTheCurveAndWhereItLooks() throws IOException {
    Path results = dir.resolve("out");
    int code =
        run(
            "lab",
            "xray",
            "--pictures",
            "24",
            "--epochs",
            "1",
            "--threads",
            "1",
            "--out",
            results.toString(),
            "--json");
    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString()).contains("\"auc\": ", "\"pointing\": ", "\"pointing_by_chance\": ");
    leaves(results, "roc", "scores", "lesions", "maps");
  }

  @Test
  void segmentLeavesScenes() throws IOException {
    Path results = dir.resolve("out");
    int code =
        run(
            "lab",
            "segment",
            "--scenes",
            "8",
            "--width",
            "2",
            "--epochs",
            "1",
            "--threads",
            "1",
            "--out",
            results.toString(),
            "--json");
    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString()).startsWith("{\"lab\": \"segment\", \"mean_iou\": ");
    leaves(results, "scenes", "iou", "loss", "mean-iou");
  }

  @Test
  void lettersFromFiles() throws IOException {
    Path data = letters(40, 28, 10);
    Path results = dir.resolve("out");
    int code =
        run(
            "lab",
            "notmnist",
            "--data",
            data.toString(),
            "--epochs",
            "1",
            "--threads",
            "1",
            "--out",
            results.toString());
    assertThat(code).as(err.toString()).isZero();
    assertThat(err.toString()).contains(": 32 pictures to learn from, 8 to be judged by, 28 × 28");
    leaves(results, "pictures", "maps");
  }

  /** IDX files as notMNIST's, blank, with labels 0, 1, … */
  private Path letters(int count, int side, int classes) throws IOException {
    Path data = Files.createDirectory(dir.resolve("letters"));
    ByteBuffer pixels = ByteBuffer.allocate(16 + count * side * side);
    pixels.putInt(0x803).putInt(count).putInt(side).putInt(side);
    Files.write(data.resolve("t10k-images-idx3-ubyte"), pixels.array());
    ByteBuffer labels = ByteBuffer.allocate(8 + count);
    labels.putInt(0x801).putInt(count);
    for (int i = 0; i < count; i++) {
      labels.put((byte) (i % classes));
    }
    Files.write(data.resolve("t10k-labels-idx1-ubyte"), labels.array());
    return data;
  }

  @Test
  void badLetters() throws IOException {
    Path data = letters(40, 20, 10);
    fails(
        1,
        "harpia lab notmnist: " + data + ": byte 0: expected pictures of 28 × 28, found 20 × 20",
        "lab",
        "notmnist",
        "--data",
        data.toString(),
        "--out",
        dir.resolve("o").toString());
  }

  @Test
  void lettersOfOneClass() throws IOException {
    Path data = letters(40, 28, 1);
    fails(
        1,
        "harpia lab notmnist: "
            + data
            + ": byte 0: one class only, A: there must be 2 to tell apart",
        "lab",
        "notmnist",
        "--data",
        data.toString(),
        "--out",
        dir.resolve("o").toString());
  }

  @Test
  void badPhotographs() throws IOException {
    Path empty = Files.createDirectory(dir.resolve("empty"));
    fails(
        1,
        "harpia lab cifar: "
            + empty
            + ": expected directories train and test, or one zip file; found neither",
        "lab",
        "cifar",
        "--data",
        empty.toString(),
        "--out",
        dir.resolve("o").toString());
    Path missing = dir.resolve("missing");
    fails(
        1,
        "harpia lab cifar: " + missing + ": no such file or directory",
        "lab",
        "cifar",
        "--data",
        missing.toString(),
        "--out",
        dir.resolve("o").toString());
    Path data = photographs();
    Path bad = data.resolve("train/day/x.jpg");
    Files.write(bad, new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF, (byte) 0xE0, 0, 16});
    fresh();
    assertThat(run("lab", "cifar", "--data", data.toString(), "--out", dir.resolve("o").toString()))
        .isEqualTo(1);
    assertThat(err.toString()).startsWith("harpia lab cifar: " + bad + ": damaged picture: ");
    assertThat(err.toString().lines()).hasSize(1);
  }

  @Test
  void wrongUsage() {
    String see = " (see harpia lab cifar --help)";
    fails(2, "harpia lab cifar: Missing required option: '--data=PATH'" + see, "lab", "cifar");
    fails(
        2,
        "harpia lab cifar: --epochs: 0: must be from 1 to 10000" + see,
        "lab",
        "cifar",
        "--data",
        "x",
        "--epochs",
        "0");
    fails(
        2,
        "harpia lab xray: --pictures: 1: must be from 2 to 200000 (see harpia lab xray --help)",
        "lab",
        "xray",
        "--pictures",
        "1");
    fails(
        2,
        "harpia lab segment: --scenes: 3: must be from 4 to 50000 (see harpia lab segment --help)",
        "lab",
        "segment",
        "--scenes",
        "3");
  }

  @Test
  @Tag("full")
  void lesionsAreFound() throws IOException {
    Path results = dir.resolve("out");
    int code = run("lab", "xray", "--epochs", "8", "--out", results.toString(), "--json");
    assertThat(code).as(err.toString()).isZero();
    double auc = Double.parseDouble(out.toString().replaceAll("(?s).*\"auc\": ([0-9.]+).*", "$1"));
    assertThat(auc).isGreaterThan(0.9);
    assumeTrue(Fonts.problem().isEmpty(), "no fonts: no pictures");
    assertThat(results.resolve("lesions.png")).isNotEmptyFile();
  }

  @Test
  @Tag("full")
  void shapesAreFound() {
    int code = run("lab", "segment", "--out", dir.resolve("out").toString(), "--json");
    assertThat(code).as(err.toString()).isZero();
    double iou =
        Double.parseDouble(out.toString().replaceAll("(?s).*\"mean_iou\": ([0-9.]+).*", "$1"));
    assertThat(iou).isGreaterThan(0.7);
  }
}
