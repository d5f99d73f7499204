package dev.harpia.nn.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes a line for each epoch to a file, as CSV with a header or as JSON lines. The file begins
 * anew with each run; a run that goes on from a checkpoint writes the epochs before it first, so
 * that no epoch is in it twice.
 */
public final class RunLog implements Callback {
  private final Path file;
  private final boolean csv;

  private RunLog(Path file, boolean csv) {
    this.file = file;
    this.csv = csv;
  }

  /** Comma-separated values, with a header. */
  public static RunLog csv(Path file) {
    return new RunLog(file, true);
  }

  /** A JSON object on each line. */
  public static RunLog jsonLines(Path file) {
    return new RunLog(file, false);
  }

  @Override
  public void on(Event event, Training training) {
    try {
      switch (event) {
        case Event.Started _ -> {
          List<EpochResult> before = training.history().epochs();
          Files.writeString(file, "");
          for (int i = 0; i < before.size(); i++) {
            append(before.get(i), i == 0);
          }
        }
        case Event.EpochDone(EpochResult r) -> append(r, training.history().epochs().size() == 1);
        default -> {}
      }
    } catch (IOException e) {
      throw new UncheckedIOException("log " + file + ": " + e.getMessage(), e);
    }
  }

  private void append(EpochResult r, boolean first) throws IOException {
    StringBuilder text = new StringBuilder();
    Map<String, Double> columns = EpochText.columns(r);
    if (!csv) {
      text.append(EpochText.line(r)).append('\n');
    } else {
      if (first) {
        text.append(String.join(",", columns.keySet())).append('\n');
      }
      text.append(columns.values().stream().map(EpochText::number).collect(Collectors.joining(",")))
          .append('\n');
    }
    Files.writeString(file, text, StandardCharsets.UTF_8, StandardOpenOption.APPEND);
  }
}
