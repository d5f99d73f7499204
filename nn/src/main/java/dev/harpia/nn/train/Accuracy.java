package dev.harpia.nn.train;

import dev.harpia.tensor.Tensor;

/**
 * The share of examples whose class is among the k largest of its row. Of equal outputs the first
 * counts as the largest, as {@code argmax} has it.
 *
 * <p>Shapes: output [.., C], scores or probabilities; target [..] classes as I32, negative ones are
 * left out; or target [.., C], of which the largest is the class.
 */
public final class Accuracy extends Counts {
  private final int k;

  /** The accuracy among the {@code k} largest. */
  public Accuracy(int k) {
    super(k == 1 ? "accuracy" : "top" + k, true, 2);
    if (k < 1) {
      throw new IllegalArgumentException("accuracy: k " + k + " must be at least 1");
    }
    this.k = k;
  }

  @Override
  public Metric fresh() {
    return new Accuracy(k);
  }

  @Override
  public void add(Tensor output, Tensor target) {
    Rows rows = Rows.of(name(), output, target);
    for (long i = 0; i < rows.count(); i++) {
      int truth = rows.truth(i);
      if (truth < 0) {
        continue;
      }
      sums[1]++;
      if (rows.rank(i, truth) < k) {
        sums[0]++;
      }
    }
    rows.release();
  }

  @Override
  public double value() {
    return sums[0] / sums[1];
  }
}
