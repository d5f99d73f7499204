package dev.harpia.models.transformer;

import dev.harpia.tensor.Rng;
import java.util.Arrays;

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
    // Sorted by an integer that orders as the float does, the token below it; largest last.
    int n = logits.length;
    boolean cut = how.topK() > 0 && how.topK() < n || how.topP() < 1;
    for (int i = 0; i < n; i++) {
      float z = logits[i] / how.temperature();
      if (Float.isNaN(z)) {
        throw new IllegalStateException("sampler: the logit of token " + i + " is not a number");
      }
      int bits = Float.floatToIntBits(z);
      order[i] = (long) (bits ^ bits >> 31 & 0x7fffffff) << 32 | i;
    }
    if (cut) {
      Arrays.sort(order);
    }
    int from = how.topK() > 0 ? Math.max(0, n - how.topK()) : 0;
    double max = logits[largest(logits)] / (double) how.temperature();
    double sum = 0;
    for (int i = from; i < n; i++) {
      weights[i] = Math.exp(logits[(int) order[i]] / (double) how.temperature() - max);
      sum += weights[i];
    }
    if (how.topP() < 1) {
      double kept = 0;
      int i = n;
      while (i > from && kept < how.topP() * sum) {
        kept += weights[--i];
      }
      from = i;
      sum = kept;
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
