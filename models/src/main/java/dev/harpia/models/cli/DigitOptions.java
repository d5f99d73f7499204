package dev.harpia.models.cli;

import dev.harpia.models.generative.DigitLab;
import dev.harpia.models.generative.DigitPlan;
import dev.harpia.models.generative.LabInput;
import dev.harpia.models.generative.LabReport;
import dev.harpia.models.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options that every lab of generated digits has. */
final class DigitOptions {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "A directory with MNIST's four files (packed or not), or the word download. Without it"
              + " digits are drawn.")
  private Optional<String> data = Optional.empty();

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Use the first N training and test pictures only.")
  private Optional<Integer> limit = Optional.empty();

  @Option(
      names = "--judge",
      paramLabel = "FILE",
      description =
          "The judge.safetensors of an earlier run on the same data; without it a judge is"
              + " trained.")
  private Optional<Path> judge = Optional.empty();

  @Option(
      names = "--compare",
      paramLabel = "DIR",
      description =
          "The results of another such lab, to be judged beside ours; as often as wanted.")
  private List<Path> compare = new ArrayList<>();

  @Mixin private LabOptions lab = new LabOptions();

  DigitOptions() {}

  /** Runs a lab with the plan that a seed makes. */
  int run(CommandSpec spec, LongFunction<DigitPlan> planned) throws IOException {
    DigitPlan plan;
    LabInput input;
    try {
      plan = planned.apply(lab.seed());
      input = new LabInput(data, limit, judge, compare);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
    }
    lab.apply(spec);
    try (RunDirectory run = lab.open(spec, plan.lab())) {
      LabReport report =
          lab.limited(new DigitLab(plan, input, run, spec.commandLine().getErr())::run);
      spec.commandLine().getOut().println(lab.json() ? report.json() : report.text());
    }
    return 0;
  }
}
