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

class ForecastLabTest {
  @TempDir private Path dir;
  private StringWriter err = new StringWriter();
  private StringWriter out = new StringWriter();

  private int run(String... args) {
    err = new StringWriter();
    out = new StringWriter();
    return Main.run(args, new PrintWriter(out, true), new PrintWriter(err, true));
  }

  @Test
  void foretellsBetterThanTheSameAsNow() {
    String to = dir.resolve("out").toString();
    assertThat(run("lab", "forecast", "--epochs", "15", "--out", to, "--json"))
        .as(err.toString())
        .isZero();
    double ratio =
        Double.parseDouble(out.toString().replaceAll("(?s).*\"ratio\": ([0-9.E-]+).*", "$1"));
    assertThat(ratio).isLessThan(0.6);
    for (String file : List.of("metrics.json", "report.html", "forecast.png", "curves.png")) {
      assertThat(dir.resolve("out").resolve(file)).isNotEmptyFile();
    }
  }

  @Test
  void badInputIsOneLine() throws IOException {
    fails(2, "--window: 1: must be from 2", "--window", "1");
    fails(2, "--epochs: 0: must be from 1", "--epochs", "0");
    Path file = dir.resolve("file.csv");
    fails(1, "file.csv: no such file or directory", "--data", file.toString());
    Files.writeString(file, "day,value\n1,2\n2,3\n");
    fails(1, "2 values: at least 61 are needed for a window of 24", "--data", file.toString());
    fails(1, "no column \"none\"", "--data", file.toString(), "--column", "none");
    Files.writeString(file, "day,value\n1,warm\n");
    fails(1, "column \"value\" is not of numbers", "--data", file.toString());
    Files.writeString(file, "day,value\n1,2\n2,\n");
    fails(1, "row 2 of column \"value\" is empty", "--data", file.toString());
  }

  private void fails(int code, String message, String... more) {
    String[] args = {"lab", "forecast", "--out", dir.resolve("failed").toString()};
    String[] all =
        java.util.stream.Stream.of(args, more)
            .flatMap(java.util.Arrays::stream)
            .toArray(String[]::new);
    assertThat(run(all)).as(message).isEqualTo(code);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).contains(message);
  }
}
