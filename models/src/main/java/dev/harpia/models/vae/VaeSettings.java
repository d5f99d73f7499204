package dev.harpia.models.vae;

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
    long seed) {
  /** Checks the ranges. */
  public VaeSettings {
    range("latent", latent, 1, 1024);
    range("epochs", epochs, 1, 10_000);
    range("batch", batch, 2, 65_536);
    if (!(beta >= 0) || beta > 1000) {
      throw new IllegalArgumentException("beta: " + beta + ": must be from 0 to 1000");
    }
    if (!(learningRate > 0) || learningRate > 1) {
      throw new IllegalArgumentException("lr: " + learningRate + ": must be above 0, at most 1");
    }
  }

  private static void range(String name, int value, int from, int to) {
    if (value < from || value > to) {
      throw new IllegalArgumentException(
          name + ": " + value + ": must be from " + from + " to " + to);
    }
  }

  /** The settings on one line. */
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
