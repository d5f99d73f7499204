package dev.harpia.models.cnn;

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
    range("width", width, 1, 64);
    range("scenes", scenes, 4, 50_000);
    range("epochs", epochs, 1, 10_000);
    range("batch", batch, 1, 4096);
    if (!(rate > 0) || rate > 100) {
      throw new IllegalArgumentException("lr: " + rate + ": must be above 0 and at most 100");
    }
  }

  private static void range(String name, int value, int from, int to) {
    if (value < from || value > to) {
      throw new IllegalArgumentException(
          name + ": " + value + ": must be from " + from + " to " + to);
    }
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
