package dev.harpia.nn.data;

import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import java.util.function.Consumer;

/**
 * Random changes of pictures that do not change their class, for {@link Dataset#map}. What happens
 * to an example follows from the seed, the epoch and the example's number alone.
 *
 * <pre>{@code
 * Dataset augmented = train.map(Augment.flip(1)).map(Augment.shift(2, 1));
 * }</pre>
 *
 * <p>Shapes: inputs [C, H, W].
 */
public final class Augment {
  private Augment() {}

  /** Mirrors every other picture, left and right changed. */
  public static Consumer<Example> flip(long seed) {
    return e -> {
      if (e.rng(seed ^ 0x466C6970).uniform() >= 0.5f) {
        return;
      }
      Picture p = new Picture(e);
      for (int row = 0; row < p.channels * p.height; row++) {
        for (int x = 0; x < p.width; x++) {
          p.set(row * p.width + x, p.pixels[row * p.width + p.width - 1 - x]);
        }
      }
      p.write();
    };
  }

  /**
   * Moves the picture by up to {@code pixels} in each direction and puts zeros where nothing is
   * left: what is elsewhere called a random crop with padding.
   */
  public static Consumer<Example> shift(int pixels, long seed) {
    if (pixels < 0) {
      throw new IllegalArgumentException("shift: " + pixels + " pixels: must be at least 0");
    }
    return e -> {
      Rng rng = e.rng(seed ^ 0x53686966);
      int down = rng.below(2 * pixels + 1) - pixels;
      int right = rng.below(2 * pixels + 1) - pixels;
      Picture p = new Picture(e);
      for (int c = 0; c < p.channels; c++) {
        for (int y = 0; y < p.height; y++) {
          for (int x = 0; x < p.width; x++) {
            p.set((c * p.height + y) * p.width + x, p.get(c, y - down, x - right));
          }
        }
      }
      p.write();
    };
  }

  /**
   * Cuts out a rectangle of the picture's proportions, each side {@code least} to 1 of the
   * picture's, and enlarges it to the whole, interpolating linearly.
   */
  public static Consumer<Example> crop(float least, long seed) {
    if (!(least > 0 && least <= 1)) {
      throw new IllegalArgumentException("crop: least side " + least + ": must be in (0, 1]");
    }
    return e -> {
      Rng rng = e.rng(seed ^ 0x43726F70);
      float side = least + (1 - least) * rng.uniform();
      Picture p = new Picture(e);
      float top = (1 - side) * (p.height - 1) * rng.uniform();
      float left = (1 - side) * (p.width - 1) * rng.uniform();
      for (int c = 0; c < p.channels; c++) {
        for (int y = 0; y < p.height; y++) {
          for (int x = 0; x < p.width; x++) {
            p.set((c * p.height + y) * p.width + x, p.between(c, top + side * y, left + side * x));
          }
        }
      }
      p.write();
    };
  }

  /** Adds normal noise of a deviation to each element. */
  public static Consumer<Example> noise(float deviation, long seed) {
    if (!(deviation >= 0)) {
      throw new IllegalArgumentException("noise: deviation " + deviation + ": must be at least 0");
    }
    return e -> {
      Rng rng = e.rng(seed ^ 0x4E6F6973);
      int n = e.x().size();
      float[] v = e.scratch(n);
      e.x().copyTo(v);
      for (int i = 0; i < n; i++) {
        v[i] += deviation * rng.normal();
      }
      e.x().copyFrom(v, 0);
    };
  }

  /** {@code (x − mean)/deviation} with a mean and a deviation for each channel. */
  public static Consumer<Example> normalise(float[] mean, float[] deviation) {
    if (mean.length != deviation.length) {
      throw new IllegalArgumentException(
          "normalise: " + mean.length + " means, " + deviation.length + " deviations");
    }
    for (float d : deviation) {
      if (!(d > 0)) {
        throw new IllegalArgumentException("normalise: deviation " + d + ": must be positive");
      }
    }
    float[] means = mean.clone();
    float[] deviations = deviation.clone();
    return e -> {
      Picture p = new Picture(e);
      if (p.channels != means.length) {
        throw new ShapeException(
            "normalise", "there are means for " + means.length + " channels", e.x().shape());
      }
      int plane = p.height * p.width;
      for (int i = 0; i < p.size; i++) {
        p.set(i, (p.pixels[i] - means[i / plane]) / deviations[i / plane]);
      }
      p.write();
    };
  }

  /** A picture's pixels, and behind them those of the picture that is being made. */
  private static final class Picture {
    final Example example;
    final int channels;
    final int height;
    final int width;
    final int size;
    final float[] pixels;

    Picture(Example example) {
      Shape s = example.x().shape();
      if (s.rank() != 3) {
        throw new ShapeException("augment", "inputs must be pictures [C, H, W]", s);
      }
      this.example = example;
      channels = s.dim(0);
      height = s.dim(1);
      width = s.dim(2);
      size = example.x().size();
      pixels = example.scratch(2 * size);
      example.x().copyTo(pixels);
    }

    void set(int i, float v) {
      pixels[size + i] = v;
    }

    void write() {
      example.x().copyFrom(pixels, size);
    }

    /** Zero outside. */
    float get(int c, int y, int x) {
      return y < 0 || y >= height || x < 0 || x >= width ? 0 : pixels[(c * height + y) * width + x];
    }

    /** At a place between pixels; inside. */
    float between(int c, float y, float x) {
      int y0 = (int) y;
      int x0 = (int) x;
      int y1 = Math.min(y0 + 1, height - 1);
      int x1 = Math.min(x0 + 1, width - 1);
      float fy = y - y0;
      float fx = x - x0;
      float upper = get(c, y0, x0) * (1 - fx) + get(c, y0, x1) * fx;
      float lower = get(c, y1, x0) * (1 - fx) + get(c, y1, x1) * fx;
      return upper * (1 - fy) + lower * fy;
    }
  }
}
