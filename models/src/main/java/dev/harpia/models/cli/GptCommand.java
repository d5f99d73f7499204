package dev.harpia.models.cli;

import dev.harpia.models.run.RunDirectory;
import dev.harpia.models.transformer.GptLab;
import dev.harpia.models.transformer.GptReport;
import dev.harpia.models.transformer.GptSettings;
import dev.harpia.models.transformer.GptSettings.Preset;
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

/** {@code harpia lab gpt}: trains a small transformer to write as a text does. */
@Command(
    name = "gpt",
    description = "Trains a small transformer to write as a text does, character by character.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class GptCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description = "A text in UTF-8. Without it scenes are composed by a small grammar.")
  private Optional<Path> data = Optional.empty();

  @Option(
      names = "--preset",
      description =
          "laptop (default): readable text in minutes; nanogpt: the character model of nanoGPT, in"
              + " an hour or more.")
  private Preset preset = Preset.LAPTOP;

  @Option(names = "--steps", paramLabel = "N", description = "Optimizer steps.")
  private Optional<Integer> steps = Optional.empty();

  @Option(names = "--batch", paramLabel = "N", description = "Windows of text per step.")
  private Optional<Integer> batch = Optional.empty();

  @Option(
      names = "--resume",
      paramLabel = "FILE",
      description =
          "Go on from the checkpoint.safetensors of an earlier run with the same options.")
  private Optional<Path> resume = Optional.empty();

  @Mixin private LabOptions options = new LabOptions();

  GptCommand() {}

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    GptSettings settings = settings();
    options.apply(spec);
    try (RunDirectory run = options.open(spec, "gpt")) {
      GptReport report = options.limited(new GptLab(settings, data, resume, run, err)::run);
      out.println(options.json() ? report.json() : report.text());
    }
    return 0;
  }

  private GptSettings settings() {
    try {
      return GptSettings.of(preset, steps, batch, options.seed());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
    }
  }
}
