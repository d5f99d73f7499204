package dev.harpia.bench;

import java.util.Arrays;

/** Durations in nanoseconds. */
public final class Samples {
  private double[] values = new double[1024];
  private int count;

  /** None yet. */
  public Samples() {}

  /** Adds one. */
  public void add(double nanos) {
    if (count == values.length) {
      values = Arrays.copyOf(values, 2 * count);
    }
    values[count++] = nanos;
  }

  /** Adds all of another's. */
  public void addAll(Samples other) {
    for (int i = 0; i < other.count; i++) {
      add(other.values[i]);
    }
  }

  /** How many there are. */
  public int count() {
    return count;
  }

  /** The least. */
  public double min() {
    return quantile(0);
  }

  /** The median. */
  public double median() {
    return quantile(0.5);
  }

  /** The smallest value that at least the share {@code q} of all do not exceed; NaN of none. */
  public double quantile(double q) {
    if (count == 0) {
      return Double.NaN;
    }
    double[] sorted = Arrays.copyOf(values, count);
    Arrays.sort(sorted);
    return sorted[Math.clamp((int) Math.ceil(q * count) - 1, 0, count - 1)];
  }
}
