package dev.harpia.models.transformer;

import dev.harpia.tensor.Rng;

/** Draws tokens as {@link Sampling} says; its buffers are used again. For one thread. */
public final class Sampler {
  private final Sampling how;
  private final Rng rng;
  private final double[] weights;
  private final long[] order;
  private final boolean[] seen;

  /** A sampler for V tokens. */
  public Sampler(Sampling how, int vocabulary, Rng rng) {
    this.how = how;
    this.rng = rng;
    weights = new double[vocabulary];
    order = new long[vocabulary];
    seen = new boolean[vocabulary];
  }

  /**
   * The next token.
   *
   * @param logits [V], which are changed
   * @param history tokens so far, of which the first {@code length} count
   */
  public int draw(float[] logits, int[] history, int length) {
    if (logits.length != weights.length) {
      throw new IllegalArgumentException(
          "sampler: " + logits.length + " logits; made for " + weights.length);
    }
    penalise(logits, history, length);
    if (how.temperature() == 0) {
      return largest(logits);
    }
    int from = keep(logits, max(logits));
    int n = logits.length;
    double sum = 0;
    for (int i = from; i < n; i++) {
      sum += weights[i];
    }
    double at = rng.uniformDouble() * sum;
    for (int i = n - 1; i > from; i--) {
      at -= weights[i];
      if (at < 0) {
        return (int) order[i];
      }
    }
    return (int) order[from];
  }

  private double max(float[] logits) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < logits.length; i++) {
      if (Float.isNaN(logits[i])) {
        throw new IllegalStateException("sampler: the logit of token " + i + " is not a number");
      }
      max = Math.max(max, logits[i]);
    }
    return max / (double) how.temperature();
  }

  private double weight(float logit, double max) {
    return Math.exp(logit / (double) how.temperature() - max);
  }

  /**
   * Puts the tokens that may be drawn, and their weights, at the end of {@code order} and {@code
   * weights}; returns where they begin. Where some are left out, they are taken off a heap one by
   * one, the most probable first: sorting a hundred thousand tokens would take longer than a small
   * model does.
   */
  private int keep(float[] logits, double max) {
    int n = logits.length;
    int most = how.topK() > 0 ? Math.min(how.topK(), n) : n;
    boolean cut = most < n || how.topP() < 1;
    for (int i = 0; i < n; i++) {
      int bits = Float.floatToIntBits(logits[i]);
      order[i] = (long) (bits ^ bits >> 31 & 0x7fffffff) << 32 | i; // orders as the float does
      weights[i] = cut ? 0 : weight(logits[i], max);
    }
    if (!cut) {
      return 0;
    }
    double sum = Double.POSITIVE_INFINITY; // of the k largest
    if (how.topP() < 1 && most == n) {
      sum = 0;
      for (float z : logits) {
        sum += weight(z, max);
      }
    }
    for (int i = n / 2 - 1; i >= 0; i--) {
      sink(i, n);
    }
    int from = n;
    for (double kept = 0; from > n - most && kept < how.topP() * sum; ) {
      long top = order[0];
      order[0] = order[--from];
      order[from] = top;
      sink(0, from);
      weights[from] = weight(logits[(int) top], max);
      kept += weights[from];
    }
    if (most < n && how.topP() < 1) {
      sum = 0;
      for (int i = from; i < n; i++) {
        sum += weights[i];
      }
      double kept = 0;
      int i = n;
      while (i > from && kept < how.topP() * sum) {
        kept += weights[--i];
      }
      from = i;
    }
    return from;
  }

  /** Restores the order of a heap of n, whose largest element is first, below place i. */
  private void sink(int i, int n) {
    long x = order[i];
    for (int child = 2 * i + 1; child < n; child = 2 * i + 1) {
      if (child + 1 < n && order[child + 1] > order[child]) {
        child++;
      }
      if (order[child] <= x) {
        break;
      }
      order[i] = order[child];
      i = child;
    }
    order[i] = x;
  }

  private void penalise(float[] logits, int[] history, int length) {
    float p = how.repetitionPenalty();
    if (p == 1) {
      return;
    }
    for (int i = 0; i < length; i++) {
      int t = history[i];
      if (!seen[t]) {
        seen[t] = true;
        logits[t] = logits[t] > 0 ? logits[t] / p : logits[t] * p;
      }
    }
    for (int i = 0; i < length; i++) {
      seen[history[i]] = false;
    }
  }

  private static int largest(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      if (logits[i] > logits[best]) {
        best = i;
      }
    }
    return best;
  }
}
