package dev.harpia.nn.train;

/**
 * A figure of an epoch that a callback watches.
 *
 * @param name as {@link EpochResult#figure} knows it
 */
record Figure(String name) {
  double of(EpochResult result) {
    return result.figure(name);
  }

  /** Losses and rates should fall; metrics know for themselves. */
  boolean higherIsBetter(Training training) {
    String metric = name.replaceFirst("^(train|valid)_", "");
    return training.metrics().stream().anyMatch(m -> m.name().equals(metric) && m.higherIsBetter());
  }

  /** Whether {@code value} is better than {@code best} by more than {@code by}; NaN never is. */
  static boolean better(double value, double best, double by, boolean higher) {
    return !Double.isNaN(value)
        && (Double.isNaN(best) || (higher ? value > best + by : value < best - by));
  }
}
