package dev.harpia.nn;

import dev.harpia.tensor.Tensor;

/**
 * Local response normalisation (Krizhevsky et al. 2012): {@code y = x / (k + α/n·Σ x²)^β}, with the
 * sum over n neighbouring channels, zero beyond the first and last.
 *
 * <p>Shapes: x and y [N, C, ..].
 */
public final class LocalResponseNorm extends Layer {
  private final dev.harpia.tensor.op.LocalResponseNorm op;

  /** Over {@code size} channels, with α = 1e-4, β = 0.75, k = 1. */
  public LocalResponseNorm(int size) {
    this(size, 1e-4f, 0.75f, 1);
  }

  /** Any form. */
  public LocalResponseNorm(int size, float alpha, float beta, float k) {
    if (size < 1) {
      throw new IllegalArgumentException(
          "localResponseNorm: " + size + " channels: must be positive");
    }
    op = new dev.harpia.tensor.op.LocalResponseNorm(size, alpha, beta, k);
  }

  @Override
  public Tensor forward(Tensor x) {
    return Tensor.apply(op, x);
  }

  @Override
  protected String arguments() {
    return String.valueOf(op.size());
  }
}
