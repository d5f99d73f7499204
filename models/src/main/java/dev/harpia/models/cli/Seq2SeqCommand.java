package dev.harpia.models.cli;

import dev.harpia.models.run.RunDirectory;
import dev.harpia.models.seq2seq.Seq2SeqLab;
import dev.harpia.models.seq2seq.Seq2SeqReport;
import dev.harpia.models.seq2seq.Seq2SeqTask;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code harpia lab seq2seq}: from one sequence to another. */
@Command(
    name = "seq2seq",
    description = "Trains the original transformer, encoder and decoder, on toy sequences.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class Seq2SeqCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--task",
      description =
          "reverse (default): letters in the opposite order; numbers: English number words to"
              + " digits.")
  private Seq2SeqTask task = Seq2SeqTask.REVERSE;

  @Option(names = "--steps", paramLabel = "N", description = "Optimizer steps (default 1500).")
  private int steps = 1500;

  @Mixin private LabOptions options = new LabOptions();

  Seq2SeqCommand() {}

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    if (steps < 1 || steps > 1_000_000) {
      throw new ParameterException(
          spec.commandLine(), "--steps: " + steps + ": must be from 1 to 1000000");
    }
    options.apply(spec);
    try (RunDirectory run = options.open(spec, "seq2seq")) {
      Seq2SeqReport report =
          options.limited(new Seq2SeqLab(task, steps, options.seed(), run, err)::run);
      out.println(options.json() ? report.json() : report.text());
    }
    return 0;
  }
}
