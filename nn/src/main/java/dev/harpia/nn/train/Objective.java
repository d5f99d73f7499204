package dev.harpia.nn.train;

import dev.harpia.tensor.Tensor;

/**
 * What training makes small, such as {@code Loss::crossEntropy}: a scalar, a mean over the batch.
 */
@FunctionalInterface
public interface Objective {
  /** The loss of a model's output. */
  Tensor of(Tensor output, Tensor target);
}
