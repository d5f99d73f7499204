package dev.harpia.models.cnn;

import dev.harpia.models.run.Ranges;
import java.util.Optional;

/**
 * How the segmentation lab trains.
 *
 * @param width channels of the U-Net at the picture's own size
 * @param scenes to learn from; a quarter as many are for judging
 * @param rate the highest learning rate of Adam
 */
public record SegmentSettings(int width, int scenes, int epochs, int batch, float rate, long seed) {
  /** Checks the ranges. */
  public SegmentSettings {
    Ranges.check("width", width, 1, 64);
    Ranges.check("scenes", scenes, 4, 50_000);
    Ranges.check("epochs", epochs, 1, 10_000);
    Ranges.check("batch", batch, 1, 4096);
    Ranges.rate(rate, 100);
  }

  /** What the user gives, and what serves for the rest. */
  public static SegmentSettings of(
      Optional<Integer> width,
      Optional<Integer> scenes,
      Optional<Integer> epochs,
      Optional<Integer> batch,
      Optional<Float> rate,
      long seed) {
    return new SegmentSettings(
        width.orElse(12),
        scenes.orElse(2000),
        epochs.orElse(15),
        batch.orElse(8),
        rate.orElse(4e-3f),
        seed);
  }

  /** The settings on one line. */
  public String describe() {
    return "U-Net of width %d and depth 3, adam %s (cosine), batch %d, %d epochs, seed %d"
        .formatted(width, rate, batch, epochs, seed);
  }
}
