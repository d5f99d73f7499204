package dev.harpia.models.rl;

import dev.harpia.tensor.Rng;

/** Draws from the distributions that policies give. */
final class Distributions {
  static final double LOG_SQRT_TWO_PI = 0.5 * Math.log(2 * Math.PI);

  private Distributions() {}

  /** An index with probability softmax(logits), of the first {@code n}. */
  static int categorical(float[] logits, int n, Rng rng) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      max = Math.max(max, logits[i]);
    }
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += Math.exp(logits[i] - max);
    }
    double rest = rng.uniformDouble() * sum;
    for (int i = 0; i < n - 1; i++) {
      rest -= Math.exp(logits[i] - max);
      if (rest < 0) {
        return i;
      }
    }
    return n - 1;
  }

  /** ln softmax(logits)ᵢ over the first {@code n}. */
  static double logProbability(float[] logits, int n, int i) {
    double max = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < n; k++) {
      max = Math.max(max, logits[k]);
    }
    double sum = 0;
    for (int k = 0; k < n; k++) {
      sum += Math.exp(logits[k] - max);
    }
    return logits[i] - max - Math.log(sum);
  }
}
