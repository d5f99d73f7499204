package dev.harpia.models.cli;

import dev.harpia.models.rl.AgentLab;
import dev.harpia.models.rl.AgentReport;
import dev.harpia.models.run.RunDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** The options that all labs of reinforcement learning have, and how such a lab is run. */
final class AgentOptions {
  /** Makes the lab of a command. */
  @FunctionalInterface
  interface Maker<S> {
    AgentLab lab(S settings, RunDirectory run, PrintWriter log, boolean watch);
  }

  @Option(
      names = "--runs",
      paramLabel = "N",
      description = "Learn N times, with the seeds that follow (default 1).")
  private int runs = 1;

  @Option(names = "--watch", description = "Show an episode of the trained agent in the terminal.")
  private boolean watch;

  AgentOptions() {}

  int runs() {
    return runs;
  }

  <S> int run(
      CommandSpec spec, LabOptions options, String name, Supplier<S> settings, Maker<S> maker)
      throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    S checked;
    try {
      checked = settings.get();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
    }
    options.apply(spec);
    try (RunDirectory run = options.open(spec, name)) {
      AgentReport report = options.limited(maker.lab(checked, run, err, watch)::run);
      out.println(options.json() ? report.json() : report.text());
    }
    return 0;
  }

  /** The constant whose text, with hyphens, is typed. */
  static <E extends Enum<E>> E named(E[] values, String text) {
    for (E value : values) {
      if (value.toString().equalsIgnoreCase(text)) {
        return value;
      }
    }
    throw new TypeConversionException("'" + text + "': must be one of " + Arrays.toString(values));
  }
}
