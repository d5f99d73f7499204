package dev.harpia.models.faces;

import java.util.Locale;

/**
 * How the models of the faces lab are trained.
 *
 * @param latent latent variables of the debiasing model
 * @param epochs passes over the training pictures
 * @param batch pictures per step, half of them faces
 * @param learningRate of Adam
 * @param bins of the histograms of latent variables
 * @param smoothing of their densities: the smaller, the stronger the debiasing
 * @param semiSupervised whether the same model is also trained without resampling
 * @param runs how often everything is done, each time with another seed
 * @param seed of the first run
 */
public record FacesSettings(
    int latent,
    int epochs,
    int batch,
    float learningRate,
    int bins,
    double smoothing,
    boolean semiSupervised,
    int runs,
    long seed) {
  /** Checks the ranges. */
  public FacesSettings {
    range("latent", latent, 1, 1024);
    range("epochs", epochs, 1, 1000);
    range("batch", batch, 4, 64);
    range("bins", bins, 2, 1000);
    range("runs", runs, 1, 100);
    if (!(learningRate > 0) || learningRate > 1) {
      throw new IllegalArgumentException("lr: " + learningRate + ": must be above 0, at most 1");
    }
    if (!(smoothing >= 0) || smoothing > 1000) {
      throw new IllegalArgumentException("smoothing: " + smoothing + ": must be from 0 to 1000");
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
        "%d latent variables, %d bins, smoothing %s, batch %d, %d epochs, Adam %s, %d runs from"
            + " seed %d",
        latent,
        bins,
        smoothing,
        batch,
        epochs,
        learningRate,
        runs,
        seed);
  }
}
