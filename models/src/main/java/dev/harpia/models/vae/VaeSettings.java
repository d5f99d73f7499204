package dev.harpia.models.vae;

import dev.harpia.models.data.DigitData;
import dev.harpia.models.generative.DigitArtist;
import dev.harpia.models.generative.DigitPlan;
import dev.harpia.models.run.Ranges;
import java.util.Locale;

/**
 * How a variational autoencoder is trained.
 *
 * @param network which network
 * @param latent latent variables
 * @param beta the weight of the divergence in the loss: 1 for the evidence lower bound
 * @param conditional whether the model is told the classes
 * @param epochs passes over the training pictures
 * @param batch pictures per step
 * @param learningRate the highest step of Adam; it falls along half a cosine
 * @param seed of initial weights, order, noise and drawn digits
 */
public record VaeSettings(
    Vae.Network network,
    int latent,
    float beta,
    boolean conditional,
    int epochs,
    int batch,
    float learningRate,
    long seed)
    implements DigitPlan {
  /** Checks the ranges. */
  public VaeSettings {
    Ranges.check("latent", latent, 1, 1024);
    Ranges.check("epochs", epochs, 1, 10_000);
    Ranges.check("batch", batch, 2, 65_536);
    if (!(beta >= 0) || beta > 1000) {
      throw new IllegalArgumentException("beta: " + beta + ": must be from 0 to 1000");
    }
    Ranges.rate(learningRate, 1);
  }

  @Override
  public String lab() {
    return "vae";
  }

  @Override
  public String name() {
    return "vae";
  }

  @Override
  public String title() {
    return "A variational autoencoder of digits";
  }

  @Override
  public DigitArtist artist(DigitData digits) {
    return new VaeArtist(this, digits);
  }

  @Override
  public String describe() {
    return String.format(
        Locale.ROOT,
        "%s%s VAE, %d latent variables, β = %s, Bernoulli likelihood, batch %d, %d epochs, seed %d",
        conditional ? "conditional " : "",
        network.name().toLowerCase(Locale.ROOT),
        latent,
        beta,
        batch,
        epochs,
        seed);
  }
}
