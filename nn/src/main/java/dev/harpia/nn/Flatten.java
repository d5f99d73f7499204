package dev.harpia.nn;

import dev.harpia.tensor.Tensor;

/** Joins all axes but the first. Shapes: x [N, ..], y [N, D]. */
public final class Flatten extends Layer {
  /** The layer. */
  public Flatten() {}

  @Override
  public Tensor forward(Tensor x) {
    return x.flatten(1);
  }
}
