package dev.harpia.nn.data;

import dev.harpia.tensor.Tensor;

/**
 * Some examples at once, valid until the next batch is taken from the loader.
 *
 * @param x the inputs [N, ..]
 * @param y the targets [N, ..]
 */
public record Batch(Tensor x, Tensor y) {
  /** N, the number of examples. */
  public int size() {
    return x.dim(0);
  }
}
