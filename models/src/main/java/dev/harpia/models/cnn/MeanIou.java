package dev.harpia.models.cnn;

import dev.harpia.nn.train.Metric;
import dev.harpia.tensor.Tensor;

/**
 * Intersection over union of each class's pixels: of the pixels that are c or were called c, the
 * share that are both; and the mean over the classes that occur.
 *
 * <p>Shapes: logits [N, C, H, W], classes [N, H, W].
 */
final class MeanIou implements Metric {
  private final int classes;
  private final double[] counts; // for each class: both, true, called

  MeanIou(int classes) {
    this.classes = classes;
    counts = new double[3 * classes];
  }

  @Override
  public String name() {
    return "mean_iou";
  }

  @Override
  public Metric fresh() {
    return new MeanIou(classes);
  }

  @Override
  public void add(Tensor output, Tensor target) {
    int[] called = output.argmax(1).toIntArray();
    int[] truth = target.toIntArray();
    for (int i = 0; i < truth.length; i++) {
      counts[3 * truth[i] + 1]++;
      counts[3 * called[i] + 2]++;
      if (truth[i] == called[i]) {
        counts[3 * truth[i]]++;
      }
    }
  }

  @Override
  public void merge(Metric other) {
    double[] theirs = other.state();
    for (int i = 0; i < counts.length; i++) {
      counts[i] += theirs[i];
    }
  }

  /** The figure of one class; NaN if it neither occurs nor was called. */
  double of(int c) {
    double union = counts[3 * c + 1] + counts[3 * c + 2] - counts[3 * c];
    return counts[3 * c] / union;
  }

  /** The share of all pixels that were called right. */
  double accuracy() {
    double right = 0;
    double all = 0;
    for (int c = 0; c < classes; c++) {
      right += counts[3 * c];
      all += counts[3 * c + 1];
    }
    return right / all;
  }

  @Override
  public double value() {
    double sum = 0;
    int n = 0;
    for (int c = 0; c < classes; c++) {
      double iou = of(c);
      if (!Double.isNaN(iou)) {
        sum += iou;
        n++;
      }
    }
    return sum / n;
  }

  @Override
  public boolean higherIsBetter() {
    return true;
  }

  @Override
  public double[] state() {
    return counts.clone();
  }

  @Override
  public void restore(double[] state) {
    System.arraycopy(state, 0, counts, 0, counts.length);
  }
}
