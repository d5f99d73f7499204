package dev.harpia.models.rl;

import dev.harpia.tensor.Rng;
import java.util.Arrays;

/**
 * The set that observations or actions are taken from.
 *
 * @param <T> its elements
 */
public sealed interface Space<T> {
  /** Whether {@code x} is an element. */
  boolean contains(T x);

  /** A random element. */
  T sample(Rng rng);

  /** {0, 1, …, n−1}. */
  record Discrete(int n) implements Space<Integer> {
    /** At least one element. */
    public Discrete {
      if (n < 1) {
        throw new IllegalArgumentException(
            "discrete space: " + n + " elements: must be at least 1");
      }
    }

    @Override
    public boolean contains(Integer x) {
      return x >= 0 && x < n;
    }

    @Override
    public Integer sample(Rng rng) {
      return rng.below(n);
    }
  }

  /** Vectors x with low ≤ x ≤ high in each component; bounds may be infinite. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Box(float[] low, float[] high) implements Space<float[]> {
    /** As many lower as upper bounds. */
    public Box {
      if (low.length != high.length || low.length == 0) {
        throw new IllegalArgumentException(
            "box space: "
                + low.length
                + " lower and "
                + high.length
                + " upper bounds: must be as many, and at least 1");
      }
    }

    /** The same bounds in each component. */
    public static Box of(float low, float high, int size) {
      float[] lows = new float[size];
      float[] highs = new float[size];
      Arrays.fill(lows, low);
      Arrays.fill(highs, high);
      return new Box(lows, highs);
    }

    /** Bounds symmetric about 0. */
    public static Box symmetric(float... high) {
      float[] low = new float[high.length];
      for (int i = 0; i < low.length; i++) {
        low[i] = -high[i];
      }
      return new Box(low, high);
    }

    /** The number of components. */
    public int size() {
      return low.length;
    }

    @Override
    public boolean contains(float[] x) {
      boolean inside = x.length == low.length;
      for (int i = 0; inside && i < x.length; i++) {
        inside = x[i] >= low[i] && x[i] <= high[i];
      }
      return inside;
    }

    /** Uniform in bounded components, standard normal in those without bounds. */
    @Override
    public float[] sample(Rng rng) {
      float[] x = new float[low.length];
      for (int i = 0; i < x.length; i++) {
        boolean bounded = Float.isFinite(low[i]) && Float.isFinite(high[i]);
        x[i] = bounded ? low[i] + (high[i] - low[i]) * rng.uniform() : rng.normal();
      }
      return x;
    }

    /** The element nearest to {@code x}. */
    public float[] clip(float[] x) {
      float[] y = x.clone();
      for (int i = 0; i < y.length; i++) {
        y[i] = Math.clamp(y[i], low[i], high[i]);
      }
      return y;
    }
  }
}
