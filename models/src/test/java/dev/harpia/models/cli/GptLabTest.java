package dev.harpia.models.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GptLabTest {
  @TempDir private Path dir;
  private StringWriter err = new StringWriter();
  private StringWriter out = new StringWriter();

  private int run(String... args) {
    err = new StringWriter();
    out = new StringWriter();
    return Main.run(args, new PrintWriter(out, true), new PrintWriter(err, true));
  }

  @Test
  void leavesMetricsWeightsAndASampleAndOneSeedRepeatsThem() throws IOException {
    Path text =
        Files.writeString(dir.resolve("text.txt"), "the owl sees the owl, 🦉!\n".repeat(80));
    byte[] weights = {};
    for (int i = 0; i < 2; i++) {
      Path to = dir.resolve("out" + i);
      int code =
          run(
              "lab",
              "gpt",
              "--data",
              text.toString(),
              "--steps",
              "12",
              "--batch",
              "4",
              "--out",
              to.toString(),
              "--json");
      assertThat(code).as(err.toString()).isZero();
      assertThat(out.toString().strip())
          .startsWith("{\"lab\": \"gpt\", \"preset\": \"laptop\"")
          .endsWith("}")
          .doesNotContain("\n")
          .contains("\"validation_loss\": ", "\"sample\": \"", "\"steps\": 12");
      List<String> metrics = Files.readAllLines(to.resolve("metrics.json"));
      assertThat(metrics).hasSize(13); // twelve steps, each judged, and the summary
      assertThat(number(metrics.getLast(), "validation_loss"))
          .isLessThan(number(metrics.getFirst(), "validation_loss"))
          .isLessThan(Math.log(15)); // 15 characters
      assertThat(Files.readString(to.resolve("sample.txt")).codePoints()).hasSize(501);
      assertThat(to.resolve("curves.png")).isNotEmptyFile();
      assertThat(to.resolve("report.html")).content().contains("<pre>");
      assertThat(to.resolve("checkpoint.safetensors")).isNotEmptyFile();
      byte[] w = Files.readAllBytes(to.resolve("model.safetensors"));
      assertThat(i == 0 || java.util.Arrays.equals(w, weights)).isTrue();
      weights = w;
    }
  }

  @Test
  void aFinishedRunCanBeResumedToItsReport() throws IOException {
    Path text = Files.writeString(dir.resolve("text.txt"), "the owl sees the owl!\n".repeat(80));
    String[] args = {
      "lab",
      "gpt",
      "--data",
      text.toString(),
      "--steps",
      "2",
      "--batch",
      "2",
      "--json",
      "--out",
      dir.resolve("a").toString()
    };
    assertThat(run(args)).as(err.toString()).isZero();
    String loss = out.toString().replaceAll("(?s).*(\"validation_loss\": [0-9.]+).*", "$1");
    List<String> again = new java.util.ArrayList<>(List.of(args));
    again.set(again.size() - 1, dir.resolve("b").toString());
    again.addAll(List.of("--resume", dir.resolve("a/checkpoint.safetensors").toString()));
    assertThat(run(again.toArray(String[]::new))).as(err.toString()).isZero();
    assertThat(err.toString()).contains("going on after step 2");
    assertThat(out.toString()).contains(loss);
    again.addAll(List.of("--seed", "2"));
    assertThat(run(again.toArray(String[]::new))).isEqualTo(1);
    assertThat(err.toString())
        .contains("a checkpoint of another run: it has seed 1, this run has 2");
  }

  private static double number(String json, String key) {
    return Double.parseDouble(json.replaceAll("(?s).*\"" + key + "\": ([0-9.E+-]+).*", "$1"));
  }

  @Test
  void wrongUsageIsOneLine() throws IOException {
    assertThat(run("lab", "gpt", "--steps", "0")).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("harpia lab gpt: --steps: 0: must be from 1 to 10000000 (see harpia lab gpt");
    Path small = Files.writeString(dir.resolve("small.txt"), "abc");
    String to = dir.resolve("out").toString();
    assertThat(run("lab", "gpt", "--data", small.toString(), "--out", to)).isEqualTo(1);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).contains("a text of 3 characters: it must have at least 1300");
    assertThat(run("lab", "gpt", "--data", dir.resolve("none").toString(), "--out", to))
        .isEqualTo(1);
    assertThat(err.toString()).contains("none: no such file or directory");
    Path latin = Files.write(dir.resolve("latin.txt"), new byte[] {'a', (byte) 0xe9, 'b'});
    assertThat(run("lab", "gpt", "--data", latin.toString(), "--out", to)).isEqualTo(1);
    assertThat(err.toString()).contains("byte 1: expected text in UTF-8");
  }
}
