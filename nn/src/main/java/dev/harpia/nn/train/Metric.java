package dev.harpia.nn.train;

import dev.harpia.tensor.Tensor;

/**
 * A figure that grows batch by batch. Parts that were counted apart, on other threads or machines,
 * can be merged.
 */
public interface Metric {
  /** What tables and logs call it, such as {@code accuracy}. */
  String name();

  /** An empty metric of the same kind. */
  Metric fresh();

  /**
   * Counts a batch.
   *
   * @param output what the model said
   * @param target what is true
   */
  void add(Tensor output, Tensor target);

  /** Adds what another metric of the same kind has counted. */
  void merge(Metric other);

  /** The figure for all that was counted so far; NaN if there was nothing. */
  double value();

  /** Whether larger is better. */
  boolean higherIsBetter();

  /** All that was counted, for checkpoints. */
  double[] state();

  /** Goes on from a state. */
  void restore(double[] state);

  /** The share of examples whose largest output is that of their class: {@link Accuracy}. */
  static Metric accuracy() {
    return new Accuracy(1);
  }

  /** The share of examples whose class is among the {@code k} largest outputs. */
  static Metric topK(int k) {
    return new Accuracy(k);
  }

  /** Precision, the mean of the classes': of what was called c, the share that is c. */
  static Metric precision(int classes) {
    return new MacroScore("precision", classes, ConfusionMatrix::precision);
  }

  /** Recall, the mean of the classes': of what is c, the share that was called c. */
  static Metric recall(int classes) {
    return new MacroScore("recall", classes, ConfusionMatrix::recall);
  }

  /** F1, the mean of the classes': the harmonic mean of precision and recall. */
  static Metric f1(int classes) {
    return new MacroScore("f1", classes, ConfusionMatrix::f1);
  }

  /** The share of examples on the right side of a threshold: {@link BinaryScore}. */
  static Metric binaryAccuracy(float threshold) {
    return new BinaryScore(BinaryScore.Kind.ACCURACY, threshold);
  }

  /** The area under the ROC curve: {@link RocAuc}. */
  static Metric rocAuc() {
    return new RocAuc();
  }

  /** The mean squared error. */
  static Metric mse() {
    return new ErrorMean("mse", true);
  }

  /** The mean absolute error. */
  static Metric mae() {
    return new ErrorMean("mae", false);
  }

  /** The coefficient of determination: {@link R2}. */
  static Metric r2() {
    return new R2();
  }

  /** The exponential of the mean cross-entropy: {@link Perplexity}. */
  static Metric perplexity() {
    return new Perplexity();
  }
}
