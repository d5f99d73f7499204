package dev.harpia.nn.train;

import dev.harpia.tensor.Tensor;

/**
 * The coefficient of determination: {@code 1 − Σ(y − ŷ)² / Σ(y − mean y)²}, 1 for perfect answers,
 * 0 for always answering the mean. Over all numbers of outputs and targets of equal shape.
 *
 * <p>The mean and the squares about it are updated number by number (Welford 1962) and joined as
 * Chan, Golub and LeVeque (1979) do: no cancellation where the mean is large.
 */
public final class R2 extends Counts {
  private static final int N = 0;
  private static final int MEAN = 1;
  private static final int SQUARES = 2;
  private static final int ERRORS = 3;

  /** Empty. */
  public R2() {
    super("r2", true, 4);
  }

  @Override
  public Metric fresh() {
    return new R2();
  }

  @Override
  public void add(Tensor output, Tensor target) {
    Pairs pairs = Pairs.of(name(), output, target);
    for (long i = 0; i < pairs.count(); i++) {
      double y = pairs.truth(i);
      double e = y - pairs.said(i);
      double off = y - sums[MEAN];
      sums[N]++;
      sums[MEAN] += off / sums[N];
      sums[SQUARES] += off * (y - sums[MEAN]);
      sums[ERRORS] += e * e;
    }
    pairs.release();
  }

  @Override
  void join(double[] other) {
    double n = sums[N] + other[N];
    if (n == 0) {
      return;
    }
    double off = other[MEAN] - sums[MEAN];
    sums[SQUARES] += other[SQUARES] + off * off * sums[N] * other[N] / n;
    sums[MEAN] += off * other[N] / n;
    sums[ERRORS] += other[ERRORS];
    sums[N] = n;
  }

  @Override
  public double value() {
    return 1 - sums[ERRORS] / sums[SQUARES];
  }
}
