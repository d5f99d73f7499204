package dev.harpia.models.rnn;

import dev.harpia.models.rnn.CharRnn.Cell;
import dev.harpia.models.run.Ranges;
import dev.harpia.models.transformer.Sampling;
import java.util.Locale;
import java.util.Optional;

/**
 * How a model of tunes is trained, and how it is made to compose.
 *
 * @param cell the kind of recurrent layer
 * @param width of the embedding
 * @param hidden features of the recurrent layer
 * @param steps optimizer steps
 * @param batch windows of text per step
 * @param length characters in a window
 * @param rate the highest learning rate, reached after {@code warmup} steps; half a cosine follows
 * @param tunes how many are composed for the report
 * @param sounds of how many of them a sound file is written
 * @param start what each of them begins with
 * @param sampling how their characters are drawn
 * @param seed of weights, windows and tunes
 */
public record MusicSettings(
    Preset preset,
    Cell cell,
    int width,
    int hidden,
    int steps,
    int batch,
    int length,
    double rate,
    int warmup,
    int tunes,
    int sounds,
    String start,
    Sampling sampling,
    long seed) {

  /** Model and training together. */
  public enum Preset {
    /** Embedding 64, hidden 256, 1500 steps: tunes in minutes on two cores. */
    LAPTOP(64, 256, 1500, 16, 4e-3, 24),
    /** The lab's: embedding 256, hidden 1024, batch 8, windows of 100, rate 5e-3. */
    LAB(256, 1024, 4000, 8, 5e-3, 100);

    private final int width;
    private final int hidden;
    private final int steps;
    private final int batch;
    private final double rate;
    private final int tunes;

    Preset(int width, int hidden, int steps, int batch, double rate, int tunes) {
      this.width = width;
      this.hidden = hidden;
      this.steps = steps;
      this.batch = batch;
      this.rate = rate;
      this.tunes = tunes;
    }
  }

  /** Checks the ranges. */
  public MusicSettings {
    Ranges.check("steps", steps, 1, 10_000_000);
    Ranges.check("batch", batch, 1, 4096);
    Ranges.check("length", length, 2, 10_000);
    Ranges.check("tunes", tunes, 0, 100_000);
    Ranges.check("sounds", sounds, 0, 10_000);
    Ranges.rate(rate, 10);
    if (start.isEmpty()) {
      throw new IllegalArgumentException("start: must have a character");
    }
  }

  /** What a user may give in place of a preset's. */
  public record Choices(
      Optional<Integer> steps,
      Optional<Integer> batch,
      Optional<Integer> length,
      Optional<Double> rate,
      Optional<Integer> tunes) {}

  /** A preset with what the user gives in its place. */
  public static MusicSettings of(
      Preset preset, Cell cell, Choices c, int sounds, String start, Sampling sampling, long seed) {
    int steps = c.steps.orElse(preset.steps);
    return new MusicSettings(
        preset,
        cell,
        preset.width,
        preset.hidden,
        steps,
        c.batch.orElse(preset.batch),
        c.length.orElse(100),
        c.rate.orElse(preset.rate),
        Math.min(100, steps / 10),
        c.tunes.orElse(preset.tunes),
        sounds,
        start,
        sampling,
        seed);
  }

  String name() {
    return preset.name().toLowerCase(Locale.ROOT);
  }
}
