package dev.harpia.models.diffusion;

import dev.harpia.models.data.DigitData;
import dev.harpia.models.generative.DigitArtist;
import dev.harpia.models.generative.DigitPlan;
import dev.harpia.models.run.Ranges;
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
    int steps, int width, int samplingSteps, int epochs, int batch, float learningRate, long seed)
    implements DigitPlan {
  /** Checks the ranges. */
  public DiffusionSettings {
    Ranges.check("steps", steps, 2, 10_000);
    Ranges.check("sampling-steps", samplingSteps, 1, steps);
    Ranges.check("epochs", epochs, 1, 10_000);
    Ranges.check("batch", batch, 2, 65_536);
    if (width < 8 || width > 512 || width % 8 != 0) {
      throw new IllegalArgumentException(
          "width: " + width + ": must be a multiple of 8 from 8 to 512");
    }
    Ranges.rate(learningRate, 1);
  }

  @Override
  public String lab() {
    return "diffusion";
  }

  @Override
  public String name() {
    return "diffusion";
  }

  @Override
  public String title() {
    return "Digits out of noise";
  }

  @Override
  public DigitArtist artist(DigitData digits) {
    return new DiffusionArtist(this, digits);
  }

  @Override
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
