package dev.harpia.models.cli;

import dev.harpia.models.perceptron.PerceptronLab;
import dev.harpia.models.run.RunDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code harpia lab perceptron}: what one perceptron can learn, and what not. */
@Command(
    name = "perceptron",
    description = "AND, OR, XOR and \"will I pass?\": what one perceptron can learn, and what not.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class PerceptronCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private LabOptions options = new LabOptions();

  PerceptronCommand() {}

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    options.apply(spec);
    try (RunDirectory run = options.open(spec, "perceptron")) {
      PerceptronLab.Result report =
          options.limited(new PerceptronLab(options.seed(), run, err)::run);
      out.println(options.json() ? report.json() : report.text());
    }
    return 0;
  }
}
