package dev.harpia.models.forecast;

import dev.harpia.models.picture.Chart;
import dev.harpia.models.picture.Curves;
import dev.harpia.models.report.Report;
import dev.harpia.models.rnn.Forecaster;
import dev.harpia.models.run.JsonLine;
import dev.harpia.models.run.Machine;
import dev.harpia.models.run.RunDirectory;
import dev.harpia.nn.data.Csv;
import dev.harpia.nn.data.CsvTable;
import dev.harpia.nn.train.Event;
import dev.harpia.simd.Parallel;
import dev.harpia.tensor.Rng;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The forecasting lab: learns the first four fifths of a series, foretells each value of the last
 * fifth from those before it, and is compared with "the same as now".
 */
public final class ForecastLab {
  private static final int SHOWN = 240; // values in the picture
  private static final int COMPOSED = 600;

  /**
   * The lab's settings.
   *
   * @param file a CSV file; without it a series is composed
   * @param column its column; without it the last one
   */
  public record Settings(
      Optional<Path> file, Optional<String> column, int window, int epochs, long seed) {
    /** Checks the ranges. */
    public Settings {
      if (window < 2 || window > 10_000) {
        throw new IllegalArgumentException("window: " + window + ": must be from 2 to 10000");
      }
      if (epochs < 1 || epochs > 100_000) {
        throw new IllegalArgumentException("epochs: " + epochs + ": must be from 1 to 100000");
      }
    }
  }

  /** What came out; errors are root mean squares in the series' own unit. */
  public record Result(JsonLine json, String text) {}

  private final Settings settings;
  private final RunDirectory run;
  private final PrintWriter log;

  /** A lab with its settings, its directory, and where it says what it does. */
  public ForecastLab(Settings settings, RunDirectory run, PrintWriter log) {
    this.settings = settings;
    this.run = run;
    this.log = log;
  }

  /** A trend, a yearly wave whose height changes, and noise. */
  static double[] composed(long seed) {
    Rng rng = new Rng(seed);
    double[] series = new double[COMPOSED];
    for (int i = 0; i < series.length; i++) {
      double height = 10 + 3 * Math.sin(i / 40.0);
      series[i] = 50 + 0.05 * i + height * Math.sin(2 * Math.PI * i / 12) + rng.normal();
    }
    return series;
  }

  private double[] series() throws IOException {
    if (settings.file.isEmpty()) {
      return composed(settings.seed);
    }
    Path file = settings.file.get();
    CsvTable table = new Csv().read(file);
    String column = settings.column.orElse(table.columns().getLast());
    if (!table.isNumeric(column)) {
      throw new IllegalArgumentException(
          "%s: column \"%s\" is not of numbers; there are %s"
              .formatted(file, column, table.columns()));
    }
    double[] series = new double[table.size()];
    for (int i = 0; i < series.length; i++) {
      if (table.get(i, column).isEmpty()) {
        throw new IllegalArgumentException(
            "%s: row %d of column \"%s\" is empty: a series has no gaps"
                .formatted(file, i + 1, column));
      }
      series[i] = Double.parseDouble(table.get(i, column));
    }
    if (series.length * 4 / 5 < 2 * settings.window) {
      throw new IllegalArgumentException(
          "%s: %d values: at least %d are needed for a window of %d"
              .formatted(file, series.length, settings.window * 5 / 2 + 1, settings.window));
    }
    return series;
  }

  /** Learns, foretells, and leaves the results in the run's directory. */
  public Result run() throws IOException {
    double[] series = series();
    int cut = series.length * 4 / 5;
    List<Double> losses = new ArrayList<>();
    Forecaster forecaster =
        Forecaster.learn(
            Arrays.copyOf(series, cut),
            settings.window,
            settings.epochs,
            settings.seed,
            (event, training) -> {
              if (event instanceof Event.EpochDone done) {
                losses.add(done.result().trainLoss());
                if (losses.size() * 5 % settings.epochs < 5) {
                  log.printf(Locale.ROOT, "epoch %d: loss %.4f%n", losses.size(), losses.getLast());
                  log.flush();
                }
              }
            });
    double[] foretold = new double[series.length - cut];
    double error = 0;
    double naive = 0;
    for (int i = cut; i < series.length; i++) {
      foretold[i - cut] = forecaster.next(Arrays.copyOfRange(series, i - settings.window, i));
      error += Math.pow(foretold[i - cut] - series[i], 2);
      naive += Math.pow(series[i - 1] - series[i], 2);
    }
    error = Math.sqrt(error / foretold.length);
    naive = Math.sqrt(naive / foretold.length);
    String data = settings.file.map(Path::toString).orElse("composed");
    JsonLine json =
        new JsonLine()
            .put("lab", "forecast")
            .put("data", data)
            .put("rmse", error)
            .put("naive_rmse", naive)
            .put("ratio", error / naive)
            .put("values", series.length)
            .put("window", settings.window)
            .put("epochs", settings.epochs)
            .put("parameters", forecaster.parameterCount())
            .put("seed", settings.seed)
            .put("threads", Parallel.threads())
            .put("gemm", Machine.gemm())
            .put("out", run.path().toString());
    run.text("metrics.json", json + "\n");
    page(data, series, foretold, forecaster, losses, error, naive);
    run.publish();
    String text =
        String.format(
            Locale.ROOT,
            "error of the next value %.3f, of \"the same as now\" %.3f: ratio %.3f (%d values,"
                + " window %d)%nresults in %s",
            error,
            naive,
            error / naive,
            foretold.length,
            settings.window,
            run.path());
    return new Result(json, text);
  }

  private void page(
      String data,
      double[] series,
      double[] foretold,
      Forecaster forecaster,
      List<Double> losses,
      double error,
      double naive)
      throws IOException {
    int from = Math.max(series.length - foretold.length, series.length - SHOWN);
    double[] ahead =
        forecaster.ahead(Arrays.copyOf(series, from), Math.min(SHOWN, series.length - from));
    new Report(
            run,
            "What comes next in a series",
            String.format(
                Locale.ROOT,
                "The next value is foretold with an error of %.3f; \"the same as now\" errs by"
                    + " %.3f.",
                error,
                naive),
            settings.seed)
        .fact("data", data + ": " + series.length + " values, the last fifth held out")
        .fact("settings", "window %d, %d epochs".formatted(settings.window, settings.epochs))
        .section("How it learned")
        .chart(
            "curves.png",
            Chart.lines(
                "Loss",
                "epoch",
                "squared steps",
                List.of(
                    Curves.Line.over("training", losses.stream().mapToDouble(v -> v).toArray()))))
        .section("What it foretells")
        .chart(
            "forecast.png",
            Chart.lines(
                "The held-out values",
                "place in the series",
                "value",
                List.of(
                    part("truth", series, from, 0),
                    part(
                        "next value, from the true ones",
                        foretold,
                        from,
                        series.length - foretold.length),
                    part("all at once, from the first", ahead, from, from))))
        .write();
  }

  /** The values from a place on, of an array that begins at {@code offset}. */
  private static Curves.Line part(String name, double[] values, int from, int offset) {
    double[] y = Arrays.copyOfRange(values, from - offset, values.length);
    double[] x = new double[y.length];
    Arrays.setAll(x, i -> from + i);
    return new Curves.Line(name, x, y);
  }
}
