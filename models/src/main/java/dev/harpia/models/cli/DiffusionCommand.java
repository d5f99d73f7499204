package dev.harpia.models.cli;

import dev.harpia.models.diffusion.DiffusionSettings;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code harpia lab diffusion}: learns to draw digits out of noise. */
@Command(
    name = "diffusion",
    description = "A network learns to take noise away, until digits come out of noise alone.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class DiffusionCommand implements Callable<Integer> {
  private static final int SAMPLING = 40;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--steps", paramLabel = "T", description = "Steps to noise (default 400).")
  private int steps = 400;

  @Option(
      names = "--sampling-steps",
      paramLabel = "N",
      description = "Steps of DDIM for the samples that are judged (default 40, or T if less).")
  private Optional<Integer> samplingSteps = Optional.empty();

  @Option(names = "--width", paramLabel = "C", description = "Channels at 14 × 14 (default 32).")
  private int width = 32;

  @Option(names = "--epochs", paramLabel = "N", description = "Passes over the data (default 8).")
  private int epochs = 8;

  @Option(names = "--batch", paramLabel = "N", description = "Pictures per step (default 64).")
  private int batch = 64;

  @Option(names = "--lr", paramLabel = "X", description = "The highest rate (default 0.002).")
  private float learningRate = 2e-3f;

  @Mixin private DigitOptions digits = new DigitOptions();

  DiffusionCommand() {}

  @Override
  public Integer call() throws IOException {
    return digits.run(
        spec,
        seed ->
            new DiffusionSettings(
                steps,
                width,
                samplingSteps.orElse(Math.min(SAMPLING, steps)),
                epochs,
                batch,
                learningRate,
                seed));
  }
}
