package dev.harpia.models.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.harpia.models.music.TuneGrammar;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MusicLabTest {
  @TempDir private Path dir;
  private StringWriter err = new StringWriter();
  private StringWriter out = new StringWriter();

  private int run(String... args) {
    err = new StringWriter();
    out = new StringWriter();
    return Main.run(args, new PrintWriter(out, true), new PrintWriter(err, true));
  }

  private int music(String to, String... more) {
    List<String> args = new ArrayList<>(List.of("lab", "music", "--batch", "2", "--length", "20"));
    args.addAll(List.of("--threads", "1", "--tunes", "1", "--out", dir.resolve(to).toString()));
    args.addAll(List.of(more));
    return run(args.toArray(String[]::new));
  }

  private void fails(int code, String message, String... more) {
    assertThat(music("failed", more)).as(message).isEqualTo(code);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).contains(message);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void leavesMetricsTunesWeightsAndCurvesWithEachCell() throws IOException {
    for (String cell : List.of("lstm", "gru", "rnn")) {
      assertThat(music(cell, "--steps", "12", "--cell", cell, "--json"))
          .as(err.toString())
          .isZero();
      assertThat(out.toString().strip())
          .startsWith("{\"lab\": \"music\", \"preset\": \"laptop\", \"cell\": \"" + cell)
          .endsWith("}")
          .doesNotContain("\n")
          .contains("\"train_loss\": ", "\"valid\": ", "\"abc2midi_accepted\": ", "\"tunes\": 1")
          .contains("\"best_step\": 12, \"steps\": 12", "\"final_validation_loss\": ");
      Path results = dir.resolve(cell);
      List<String> metrics = Files.readAllLines(results.resolve("metrics.json"));
      assertThat(metrics).hasSize(2);
      assertThat(metrics.getLast())
          .contains("\"corpus_valid\": 1,", "\"corpus_right_bars\": 1,", "\"temperature\": 0.8");
      assertThat(Files.readString(results.resolve("tunes.abc"))).startsWith("X:");
      assertThat(results.resolve("model.safetensors")).isNotEmptyFile();
      assertThat(results.resolve("curves.png")).isNotEmptyFile();
    }
  }

  @Test
  void goesOnFromACheckpointToTheSameBits() throws IOException {
    assertThat(music("whole", "--steps", "200")).as(err.toString()).isZero();
    // the run's first checkpoint, as if it had been stopped after it
    Path from = Files.createDirectories(dir.resolve("part/checkpoints"));
    String first = "step-0000000100.safetensors";
    Files.copy(dir.resolve("whole/checkpoints").resolve(first), from.resolve(first));
    assertThat(music("part", "--steps", "200", "--resume")).as(err.toString()).isZero();
    assertThat(dir.resolve("part/model.safetensors"))
        .hasSameBinaryContentAs(dir.resolve("whole/model.safetensors"));
    assertThat(dir.resolve("part/tunes.abc"))
        .hasSameTextualContentAs(dir.resolve("whole/tunes.abc"));
    assertThat(music("whole", "--steps", "200")).isEqualTo(1);
    assertThat(err.toString()).contains("has the checkpoints of an earlier run", "--resume");
  }

  @Test
  void badInputIsOneLine() throws IOException {
    fails(2, "--steps: 0: must be from 1 to 10000000", "--steps", "0");
    fails(2, "--lr: NaN: must be above 0", "--lr", "NaN");
    fails(2, "temperature -1.0 must be from 0 to 100", "--temperature", "-1");
    fails(2, "top p 2.0 above 0 and at most 1", "--top-p", "2");
    fails(2, "--start: must have a character", "--start", "");
    assertThat(run("lab", "music", "--resume")).isEqualTo(2);
    assertThat(err.toString()).contains("--resume: needs --out");
    fails(1, "checkpoints: no complete checkpoint in it", "--resume", "--steps", "1");
    fails(1, "character '鳥' (U+9CE5) is not in the vocabulary", "--start", "X:鳥");
    Path file = dir.resolve("file");
    fails(1, "file: no such file or directory", "--data", file.toString());
    Files.writeString(file, "");
    fails(1, "file: the file is empty: a tune begins with", "--data", file.toString());
    Files.writeString(file, "Call me Ishmael.\n\nSome years ago\n\n");
    fails(1, "file: no tune in ABC notation in it", "--data", file.toString());
    Files.writeString(file, "X:1\nK:C\nABC|\n");
    fails(1, ": 1 tunes with ", "--data", file.toString());
    Files.write(file, new byte[] {'X', ':', (byte) 0xff});
    fails(1, "file: byte 2: expected text in UTF-8", "--data", file.toString());
  }

  @Test
  void readsTunesOfAnySystem() throws IOException {
    String tunes = String.join("\r\n\r\n", TuneGrammar.compose(40, 3)).replace("\n", "\r\n");
    Path file = Files.writeString(dir.resolve("tunes.abc"), tunes.replace("\r\r", "\r"));
    assertThat(music("crlf", "--steps", "1", "--data", file.toString()))
        .as(err.toString())
        .isZero();
    assertThat(err.toString()).contains("40 tunes");
  }
}
