package dev.harpia.nn.train;

import dev.harpia.tensor.Tensor;
import java.util.Arrays;

/**
 * The area under the ROC curve: the probability that an example of class 1 scores above one of
 * class 0, ties counting one half (Mann, Whitney 1947). Keeps all scores.
 *
 * <p>Shapes: output [N] or [N, 1], logits or probabilities; target the same, 0 or 1, of either
 * type.
 */
public final class RocAuc implements Metric {
  private double[] scores = new double[16];
  private boolean[] positive = new boolean[16];
  private int count;

  /** Empty. */
  public RocAuc() {}

  @Override
  public String name() {
    return "auc";
  }

  @Override
  public Metric fresh() {
    return new RocAuc();
  }

  @Override
  public void add(Tensor output, Tensor target) {
    Pairs pairs = Pairs.of(name(), output, target);
    for (long i = 0; i < pairs.count(); i++) {
      add(pairs.said(i), pairs.positive(name(), i));
    }
    pairs.release();
  }

  private void add(double score, boolean yes) {
    if (count == scores.length) {
      scores = Arrays.copyOf(scores, 2 * count);
      positive = Arrays.copyOf(positive, 2 * count);
    }
    scores[count] = score;
    positive[count++] = yes;
  }

  @Override
  public void merge(Metric other) {
    if (!(other instanceof RocAuc r)) {
      throw new IllegalArgumentException(
          "merge: auc with " + other.name() + ": the metrics must be of the same kind");
    }
    int n = r.count; // r may be this
    for (int i = 0; i < n; i++) {
      add(r.scores[i], r.positive[i]);
    }
  }

  /** NaN unless both classes occur and all scores are numbers. */
  @Override
  public double value() {
    double[] yes = new double[count];
    double[] no = new double[count];
    int p = 0;
    int n = 0;
    for (int i = 0; i < count; i++) {
      if (Double.isNaN(scores[i])) {
        return Double.NaN;
      }
      if (positive[i]) {
        yes[p++] = scores[i] + 0.0; // −0 equals 0
      } else {
        no[n++] = scores[i] + 0.0;
      }
    }
    Arrays.sort(yes, 0, p);
    Arrays.sort(no, 0, n);
    double above = 0;
    int below = 0;
    int equal = 0; // first of no that is above yes[i]
    for (int i = 0; i < p; i++) {
      while (below < n && no[below] < yes[i]) {
        below++;
      }
      equal = Math.max(equal, below);
      while (equal < n && no[equal] == yes[i]) {
        equal++;
      }
      above += below + 0.5 * (equal - below);
    }
    return above / ((double) p * n);
  }

  @Override
  public boolean higherIsBetter() {
    return true;
  }

  @Override
  public double[] state() {
    double[] state = new double[2 * count];
    for (int i = 0; i < count; i++) {
      state[2 * i] = scores[i];
      state[2 * i + 1] = positive[i] ? 1 : 0;
    }
    return state;
  }

  @Override
  public void restore(double[] state) {
    if (state.length % 2 != 0) {
      throw new IllegalArgumentException(
          "auc: a state has pairs of numbers, this has " + state.length);
    }
    count = 0;
    for (int i = 0; i < state.length; i += 2) {
      add(state[i], state[i + 1] == 1);
    }
  }
}
