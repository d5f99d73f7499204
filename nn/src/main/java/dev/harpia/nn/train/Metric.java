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
}
