package dev.harpia.nn.train;

import dev.harpia.tensor.Tensor;

/** The mean of squared or absolute errors, over all numbers. */
final class ErrorMean extends Counts {
  private final boolean squared;

  ErrorMean(String name, boolean squared) {
    super(name, false, 2);
    this.squared = squared;
  }

  @Override
  public Metric fresh() {
    return new ErrorMean(name(), squared);
  }

  @Override
  public void add(Tensor output, Tensor target) {
    Pairs pairs = Pairs.of(name(), output, target);
    for (long i = 0; i < pairs.count(); i++) {
      double e = (double) pairs.said(i) - pairs.truth(i);
      sums[0] += squared ? e * e : Math.abs(e);
    }
    sums[1] += pairs.count();
    pairs.release();
  }

  @Override
  public double value() {
    return sums[0] / sums[1];
  }
}
