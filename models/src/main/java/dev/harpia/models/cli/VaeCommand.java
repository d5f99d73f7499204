package dev.harpia.models.cli;

import dev.harpia.models.vae.Vae;
import dev.harpia.models.vae.VaeSettings;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code harpia lab vae}: learns to draw digits from a few latent variables. */
@Command(
    name = "vae",
    description = "A variational autoencoder learns to draw digits from a few latent variables.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class VaeCommand implements Callable<Integer> {
  /** The networks under short names. */
  enum Model {
    /** Two convolutions. */
    CONV,
    /** One hidden layer. */
    DENSE
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--model", description = "The network: conv (default) or dense.")
  private Model model = Model.CONV;

  @Option(names = "--latent", paramLabel = "D", description = "Latent variables (default 20).")
  private int latent = 20;

  @Option(
      names = "--beta",
      paramLabel = "X",
      description = "The weight of the divergence: 1 (default) for the bound, more for β-VAE.")
  private float beta = 1;

  @Option(names = "--conditional", description = "Tell the model the classes.")
  private boolean conditional;

  @Option(names = "--epochs", paramLabel = "N", description = "Passes over the data (default 10).")
  private int epochs = 10;

  @Option(names = "--batch", paramLabel = "N", description = "Pictures per step (default 128).")
  private int batch = 128;

  @Option(names = "--lr", paramLabel = "X", description = "The highest rate (default 0.002).")
  private float learningRate = 2e-3f;

  @Mixin private DigitOptions digits = new DigitOptions();

  VaeCommand() {}

  @Override
  public Integer call() throws IOException {
    return digits.run(
        spec,
        seed ->
            new VaeSettings(
                model == Model.CONV ? Vae.Network.CONVOLUTIONAL : Vae.Network.DENSE,
                latent,
                beta,
                conditional,
                epochs,
                batch,
                learningRate,
                seed));
  }
}
