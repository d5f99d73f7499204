package dev.harpia.models.faces;

import dev.harpia.models.run.Ranges;
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
    Ranges.check("latent", latent, 1, 1024);
    Ranges.check("epochs", epochs, 1, 1000);
    Ranges.check("batch", batch, 4, 64);
    Ranges.check("bins", bins, 2, 1000);
    Ranges.check("runs", runs, 1, 100);
    Ranges.rate(learningRate, 1);
    if (!(smoothing >= 0) || smoothing > 1000) {
      throw new IllegalArgumentException("smoothing: " + smoothing + ": must be from 0 to 1000");
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
