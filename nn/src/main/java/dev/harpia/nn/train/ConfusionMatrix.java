package dev.harpia.nn.train;

import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import java.util.Objects;

/**
 * How often each class was taken for each. Its value is the accuracy.
 *
 * <p>Shapes as for {@link Accuracy}.
 */
public final class ConfusionMatrix extends Counts {
  private final int classes;

  /** For classes 0 … {@code classes} − 1. */
  public ConfusionMatrix(int classes) {
    super("confusion", true, square(classes));
    this.classes = classes;
  }

  private static int square(int classes) {
    if (classes < 1 || classes > 10_000) {
      throw new IllegalArgumentException(
          "confusion: " + classes + " classes: must be from 1 to 10000");
    }
    return classes * classes;
  }

  @Override
  public Metric fresh() {
    return new ConfusionMatrix(classes);
  }

  @Override
  public void add(Tensor output, Tensor target) {
    Rows rows = Rows.of(name(), output, target);
    if (rows.classes() != classes) {
      throw new ShapeException(
          name(), "the output must have " + classes + " classes", output.shape());
    }
    for (long i = 0; i < rows.count(); i++) {
      int truth = rows.truth(i);
      if (truth >= 0) {
        sums[truth * classes + rows.best(i)]++;
      }
    }
    rows.release();
  }

  /** The number of classes. */
  public int classes() {
    return classes;
  }

  /** How many examples of class {@code truth} were taken for class {@code said}. */
  public long count(int truth, int said) {
    return (long)
        sums[Objects.checkIndex(truth, classes) * classes + Objects.checkIndex(said, classes)];
  }

  /** Of what was called {@code c}, the share that is; 0 if nothing was. */
  public double precision(int c) {
    double called = 0;
    for (int t = 0; t < classes; t++) {
      called += count(t, c);
    }
    return called == 0 ? 0 : count(c, c) / called;
  }

  /** Of what is {@code c}, the share that was called so; 0 if nothing is. */
  public double recall(int c) {
    double all = 0;
    for (int s = 0; s < classes; s++) {
      all += count(c, s);
    }
    return all == 0 ? 0 : count(c, c) / all;
  }

  /** The harmonic mean of precision and recall; 0 if both are. */
  public double f1(int c) {
    double p = precision(c);
    double r = recall(c);
    return p + r == 0 ? 0 : 2 * p * r / (p + r);
  }

  @Override
  public double value() {
    double right = 0;
    double all = 0;
    for (int t = 0; t < classes; t++) {
      right += count(t, t);
      for (int s = 0; s < classes; s++) {
        all += count(t, s);
      }
    }
    return right / all;
  }
}
