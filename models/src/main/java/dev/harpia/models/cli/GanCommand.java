package dev.harpia.models.cli;

import dev.harpia.models.gan.GanSettings;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code harpia lab gan}: two networks against each other learn to draw digits. */
@Command(
    name = "gan",
    description = "Two networks against each other: one learns to draw digits, one to tell.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class GanCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--model",
      description =
          "gan: linear layers; dcgan (default): convolutions; wgan: Wasserstein distance with"
              + " spectral normalisation; cgan: both are told the class.")
  private GanSettings.Model model = GanSettings.Model.DCGAN;

  @Option(names = "--noise", paramLabel = "D", description = "Numbers of noise (default 64).")
  private int noise = 64;

  @Option(names = "--epochs", paramLabel = "N", description = "Passes over the data (default 10).")
  private int epochs = 10;

  @Option(names = "--batch", paramLabel = "N", description = "Pictures per step (default 64).")
  private int batch = 64;

  @Option(
      names = "--lr",
      paramLabel = "X",
      description = "The learning rate (default 0.0002, for wgan 0.001).")
  private Optional<Float> learningRate = Optional.empty();

  @Mixin private DigitOptions digits = new DigitOptions();

  GanCommand() {}

  @Override
  public Integer call() throws IOException {
    return digits.run(
        spec,
        seed ->
            new GanSettings(
                model, noise, epochs, batch, learningRate.orElse(model.usualRate()), seed));
  }
}
