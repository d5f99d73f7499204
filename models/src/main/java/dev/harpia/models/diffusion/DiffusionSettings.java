package dev.harpia.models.diffusion;

import java.util.Locale;

/**
 * How a diffusion model is trained and sampled.
 *
 * @param steps T
 * @param width channels of the network at 14 × 14
 * @param samplingSteps of DDIM for the samples that are judged
 * @param epochs passes over the training pictures
 * @param batch pictures per step
 * @param learningRate the highest step of Adam; it falls along half a cosine
 * @param seed of initial weights, order, noise and drawn digits
 */
public record DiffusionSettings(
    int steps, int width, int samplingSteps, int epochs, int batch, float learningRate, long seed) {
  /** Checks the ranges. */
  public DiffusionSettings {
    range("steps", steps, 2, 10_000);
    range("sampling-steps", samplingSteps, 1, steps);
    range("epochs", epochs, 1, 10_000);
    range("batch", batch, 2, 65_536);
    if (width < 8 || width > 512 || width % 8 != 0) {
      throw new IllegalArgumentException(
          "width: " + width + ": must be a multiple of 8 from 8 to 512");
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
        "diffusion of %d steps (cosine), U-Net of width %d, DDIM of %d steps, Adam %s, batch %d, %d"
            + " epochs, seed %d",
        steps,
        width,
        samplingSteps,
        learningRate,
        batch,
        epochs,
        seed);
  }
}
