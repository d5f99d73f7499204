package dev.harpia.models.cli;

import dev.harpia.models.forecast.ForecastLab;
import dev.harpia.models.run.RunDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code harpia lab forecast}: foretells a time series. */
@Command(
    name = "forecast",
    description = "Foretells the next values of a time series with an LSTM.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ForecastCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description = "A CSV file with a header. Without it a series is composed.")
  private Optional<Path> data = Optional.empty();

  @Option(names = "--column", paramLabel = "NAME", description = "Its column (default the last).")
  private Optional<String> column = Optional.empty();

  @Option(
      names = "--window",
      paramLabel = "N",
      description = "How many values are looked at (default 24).")
  private int window = 24;

  @Option(names = "--epochs", paramLabel = "N", description = "Passes (default 30).")
  private int epochs = 30;

  @Mixin private LabOptions options = new LabOptions();

  ForecastCommand() {}

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    ForecastLab.Settings settings;
    try {
      settings = new ForecastLab.Settings(data, column, window, epochs, options.seed());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
    }
    options.apply(spec);
    try (RunDirectory run = options.open(spec, "forecast")) {
      ForecastLab.Result result = options.limited(new ForecastLab(settings, run, err)::run);
      out.println(options.json() ? result.json() : result.text());
    }
    return 0;
  }
}
