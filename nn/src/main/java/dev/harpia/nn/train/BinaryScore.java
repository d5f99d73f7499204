package dev.harpia.nn.train;

import dev.harpia.tensor.Tensor;
import java.util.Locale;

/**
 * A figure of yes-or-no answers: yes is an output above the threshold (0 for logits, ½ for
 * probabilities).
 *
 * <p>Shapes: output [N] or [N, 1]; target the same, 0 or 1, of either type.
 */
public final class BinaryScore extends Counts {
  private final Kind kind;
  private final float threshold;

  /** Which figure. */
  public enum Kind {
    /** The share of right answers. */
    ACCURACY,
    /** Of the yes, the share that is right; 0 if there is none. */
    PRECISION,
    /** Of what is 1, the share with a yes; 0 if there is none. */
    RECALL,
    /** The harmonic mean of precision and recall; 0 if both are. */
    F1
  }

  /** A figure, for answers above {@code threshold}. */
  public BinaryScore(Kind kind, float threshold) {
    super(kind == Kind.ACCURACY ? "accuracy" : kind.name().toLowerCase(Locale.ROOT), true, 4);
    this.kind = kind;
    this.threshold = threshold;
  }

  @Override
  public Metric fresh() {
    return new BinaryScore(kind, threshold);
  }

  @Override
  public void add(Tensor output, Tensor target) {
    Pairs pairs = Pairs.of(name(), output, target);
    for (long i = 0; i < pairs.count(); i++) {
      sums[(pairs.positive(name(), i) ? 2 : 0) + (pairs.said(i) > threshold ? 1 : 0)]++;
    }
    pairs.release();
  }

  @Override
  public double value() {
    double right = sums[3];
    return switch (kind) {
      case ACCURACY -> (sums[0] + right) / (sums[0] + sums[1] + sums[2] + right);
      case PRECISION -> ratio(right, right + sums[1]);
      case RECALL -> ratio(right, right + sums[2]);
      case F1 -> ratio(2 * right, 2 * right + sums[1] + sums[2]);
    };
  }

  private static double ratio(double a, double b) {
    return b == 0 ? 0 : a / b;
  }
}
