package dev.harpia.models.cli;

import dev.harpia.models.bert.AttentionLab;
import dev.harpia.models.bert.AttentionReport;
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

/** {@code harpia lab attention}: draws which words attend to which. */
@Command(
    name = "attention",
    description = "Trains a small encoder to guess hidden words, and draws where its heads look.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class AttentionCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description = "A text in UTF-8. Without it sentences are composed by a small grammar.")
  private Optional<Path> data = Optional.empty();

  @Option(names = "--steps", paramLabel = "N", description = "Optimizer steps (default 1200).")
  private int steps = 1200;

  @Mixin private LabOptions options = new LabOptions();

  AttentionCommand() {}

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    if (steps < 1 || steps > 1_000_000) {
      throw new ParameterException(
          spec.commandLine(), "--steps: " + steps + ": must be from 1 to 1000000");
    }
    options.apply(spec);
    try (RunDirectory run = options.open(spec, "attention")) {
      AttentionReport report =
          options.limited(new AttentionLab(steps, data, options.seed(), run, err)::run);
      out.println(options.json() ? report.json() : report.text());
    }
    return 0;
  }
}
