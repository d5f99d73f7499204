package dev.harpia.nn.train;

import dev.harpia.tensor.Tensor;

/**
 * The exponential of the mean cross-entropy: among how many equally likely classes the model seems
 * to choose. Sums are in double precision.
 *
 * <p>Shapes: output [.., C], logits; target [..] classes as I32, negative ones are left out.
 */
public final class Perplexity extends Counts {
  /** Empty. */
  public Perplexity() {
    super("perplexity", false, 2);
  }

  @Override
  public Metric fresh() {
    return new Perplexity();
  }

  @Override
  public void add(Tensor output, Tensor target) {
    Rows rows = Rows.of(name(), output, target);
    for (long i = 0; i < rows.count(); i++) {
      int truth = rows.truth(i);
      if (truth < 0) {
        continue;
      }
      double top = rows.score(i, rows.best(i));
      double sum = 0;
      for (int c = 0; c < rows.classes(); c++) {
        sum += Math.exp(rows.score(i, c) - top);
      }
      sums[0] += Math.log(sum) - (rows.score(i, truth) - top);
      sums[1]++;
    }
    rows.release();
  }

  @Override
  public double value() {
    return Math.exp(sums[0] / sums[1]);
  }
}
