package dev.harpia.models.transformer;

import java.util.Locale;
import java.util.Optional;

/**
 * How a character model is trained.
 *
 * @param steps optimizer steps
 * @param batch windows per step
 * @param rate the highest learning rate, reached after {@code warmup} steps; half a cosine follows
 * @param decay of weights (not of biases and norms)
 * @param seed of weights, windows, dropout and samples
 */
public record GptSettings(
    Preset preset, int steps, int batch, double rate, int warmup, double decay, long seed) {

  /** Model and training together. */
  public enum Preset {
    /** 4 layers, 4 heads, width 128, context 64: readable text in minutes on two cores. */
    LAPTOP(4, 4, 128, 64, 0, 2500, 16),
    /**
     * The character model of nanoGPT: 6 layers, 6 heads, width 384, context 256, dropout 0.2; as
     * many tokens as two cores read in about an hour. The original's 5000 steps of 64 windows are
     * {@code --steps 5000 --batch 64}.
     */
    NANOGPT(6, 6, 384, 256, 0.2f, 1800, 16);

    private final int layers;
    private final int heads;
    private final int width;
    private final int context;
    private final float dropout;
    private final int steps;
    private final int batch;

    Preset(int layers, int heads, int width, int context, float dropout, int steps, int batch) {
      this.layers = layers;
      this.heads = heads;
      this.width = width;
      this.context = context;
      this.dropout = dropout;
      this.steps = steps;
      this.batch = batch;
    }

    /** The model for a vocabulary: GPT-2's form without biases, as nanoGPT's. */
    GptConfig config(int vocabulary) {
      return new GptConfig(
          vocabulary,
          context,
          layers,
          heads,
          heads,
          width,
          4 * width,
          GptConfig.Style.GPT2,
          false,
          dropout,
          1e-5f);
    }

    int context() {
      return context;
    }
  }

  /** Checks the ranges. */
  public GptSettings {
    if (steps < 1 || steps > 10_000_000) {
      throw new IllegalArgumentException("steps: " + steps + ": must be from 1 to 10000000");
    }
    if (batch < 1 || batch > 4096) {
      throw new IllegalArgumentException("batch: " + batch + ": must be from 1 to 4096");
    }
  }

  /** A preset with what the user gives in its place. */
  public static GptSettings of(
      Preset preset, Optional<Integer> steps, Optional<Integer> batch, long seed) {
    int n = steps.orElse(preset.steps);
    int warmup = Math.min(100, n / 10);
    return new GptSettings(preset, n, batch.orElse(preset.batch), 1e-3, warmup, 0.1, seed);
  }

  String name() {
    return preset.name().toLowerCase(Locale.ROOT);
  }
}
