package dev.harpia.models.cli;

import dev.harpia.models.cnn.SegmentLab;
import dev.harpia.models.cnn.SegmentReport;
import dev.harpia.models.cnn.SegmentSettings;
import dev.harpia.models.run.RunDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code harpia lab segment}: a class for every pixel of drawn scenes. */
@Command(
    name = "segment",
    description = "Trains a U-Net to say of every pixel of a drawn scene what it belongs to.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class SegmentCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--width",
      paramLabel = "N",
      description = "Channels at the picture's own size (default 12).")
  private Optional<Integer> width = Optional.empty();

  @Option(
      names = "--scenes",
      paramLabel = "N",
      description = "Scenes to learn from (default 2000); a quarter as many are for judging.")
  private Optional<Integer> scenes = Optional.empty();

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "Passes over the scenes (default 15).")
  private Optional<Integer> epochs = Optional.empty();

  @Option(names = "--batch", paramLabel = "N", description = "Scenes per step (default 8).")
  private Optional<Integer> batch = Optional.empty();

  @Option(names = "--lr", paramLabel = "X", description = "The highest learning rate.")
  private Optional<Float> rate = Optional.empty();

  @Mixin private LabOptions options = new LabOptions();

  SegmentCommand() {}

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    SegmentSettings settings;
    try {
      settings = SegmentSettings.of(width, scenes, epochs, batch, rate, options.seed());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
    }
    options.apply(spec);
    try (RunDirectory run = options.open(spec, "segment")) {
      SegmentReport report = options.limited(new SegmentLab(settings, run, err)::run);
      out.println(options.json() ? report.json() : report.text());
    }
    return 0;
  }
}
