package dev.harpia.models.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The labs of attention and of sequences: what they leave, and what they learn. */
class TextLabsTest {
  @TempDir private Path dir;
  private StringWriter err = new StringWriter();
  private StringWriter out = new StringWriter();

  private int run(String... args) {
    err = new StringWriter();
    out = new StringWriter();
    return Main.run(args, new PrintWriter(out, true), new PrintWriter(err, true));
  }

  private double number(String key) {
    return Double.parseDouble(
        out.toString().replaceAll("(?s).*\"" + key + "\": ([0-9.E+-]+).*", "$1"));
  }

  @Test
  void attentionLeavesPictures() throws IOException {
    int code = run("lab", "attention", "--steps", "3", "--out", dir.toString(), "--json");
    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString()).startsWith("{\"lab\": \"attention\", \"data\": \"composed\"");
    assertThat(number("guessed")).isBetween(0.0, 1.0);
    assertThat(ImageIO.read(dir.resolve("attention-1.png").toFile()).getWidth()).isGreaterThan(600);
    assertThat(dir.resolve("report.html")).content().contains("Which words attend to which");
    assertThat(Files.readAllLines(dir.resolve("metrics.json"))).hasSize(4);
    assertThat(dir.resolve("model.safetensors")).isNotEmptyFile();
  }

  @Test
  void attentionReadsTexts() throws IOException {
    Path text = dir.resolve("text.txt");
    Files.writeString(text, "The owl sees the frog near the river. Who waits there?\n".repeat(60));
    Path to = dir.resolve("out");
    int code =
        run("lab", "attention", "--steps", "2", "--data", text.toString(), "--out", to.toString());
    assertThat(code).as(err.toString()).isZero();
    assertThat(Files.readAllLines(to.resolve("words.txt")))
        .startsWith("<unk>", "[PAD]", "[MASK]", "the");
    Files.writeString(text, "Only one sentence is here.");
    assertThat(run("lab", "attention", "--data", text.toString(), "--out", to.toString()))
        .isEqualTo(1);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).contains("1 sentences of 3 to 20 words: there must be at least 50");
    assertThat(run("lab", "attention", "--steps", "0")).isEqualTo(2);
    assertThat(err.toString()).contains("--steps: 0: must be from 1 to 1000000");
  }

  @Test
  void sequencesLeaveAReportAndOneSeedRepeatsThem() throws IOException {
    String[] results = new String[2];
    for (int i = 0; i < 2; i++) {
      Path to = dir.resolve("out" + i);
      int code =
          run(
              "lab",
              "seq2seq",
              "--task",
              "numbers",
              "--steps",
              "3",
              "--out",
              to.toString(),
              "--json");
      assertThat(code).as(err.toString()).isZero();
      assertThat(out.toString()).startsWith("{\"lab\": \"seq2seq\", \"task\": \"numbers\"");
      results[i] =
          Files.readString(to.resolve("metrics.json")).lines().limit(3).toList().toString();
      assertThat(to.resolve("report.html")).content().contains("<table");
      assertThat(to.resolve("curves.png")).isNotEmptyFile();
    }
    assertThat(results[1]).isEqualTo(results[0]);
    assertThat(run("lab", "seq2seq", "--steps", "0")).isEqualTo(2);
    assertThat(run("lab", "seq2seq", "--task", "sort")).isEqualTo(2);
  }

  @Test
  @Tag("full")
  void lettersAreTurnedRound() {
    int code =
        run(
            "lab",
            "seq2seq",
            "--steps",
            "400",
            "--threads",
            "1",
            "--json",
            "--out",
            dir.toString());
    assertThat(code).as(err.toString()).isZero();
    assertThat(number("exact")).isGreaterThan(0.9); // 1.00 when it was written
  }

  @Test
  @Tag("full")
  void hiddenWordsAreGuessedFromOthers() {
    int code =
        run(
            "lab",
            "attention",
            "--steps",
            "400",
            "--threads",
            "1",
            "--json",
            "--out",
            dir.toString());
    assertThat(code).as(err.toString()).isZero();
    assertThat(number("guessed")).isGreaterThan(number("chance") + 0.25); // 0.56 against 0.18
  }
}
