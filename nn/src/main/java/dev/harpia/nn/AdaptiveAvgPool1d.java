package dev.harpia.nn;

import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Pool;

/**
 * The mean of each part of a sequence of any length, divided into T' parts that overlap where the
 * lengths do not divide: ⌊i·T/T'⌋ to ⌈(i+1)·T/T'⌉.
 *
 * <p>Shapes: x [N, C, T], y [N, C, T'].
 */
public final class AdaptiveAvgPool1d extends Layer {
  private final int size;

  /** A result of this length. */
  public AdaptiveAvgPool1d(int size) {
    if (size < 1) {
      throw new IllegalArgumentException("adaptiveAvgPool1d: " + size + ": must be positive");
    }
    this.size = size;
  }

  @Override
  public Tensor forward(Tensor x) {
    return MaxPool1d.overRows("adaptiveAvgPool1d", new Pool(false, new Pool.Adaptive(1, size)), x);
  }

  @Override
  protected String arguments() {
    return String.valueOf(size);
  }
}
