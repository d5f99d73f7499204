package dev.harpia.nn;

import dev.harpia.tensor.Padding;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Pool;
import dev.harpia.tensor.op.Window;

/**
 * Local response normalisation (Krizhevsky et al. 2012): {@code y = x / (k + α/n·Σ x²)^β}, with the
 * sum over n neighbouring channels, zero beyond the first and last.
 *
 * <p>Shapes: x and y [N, C, ..].
 */
public final class LocalResponseNorm extends Layer {
  private final int size;
  private final float alpha;
  private final float beta;
  private final float k;
  private final Pool mean;

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
    this.size = size;
    this.alpha = alpha;
    this.beta = beta;
    this.k = k;
    mean = new Pool(false, new Pool.Fixed(size, 1, Window.PLAIN, false, true, 0));
  }

  @Override
  public Tensor forward(Tensor x) {
    if (x.rank() < 3) {
      throw new ShapeException("localResponseNorm", "the input must be [N, C, ..]", x.shape());
    }
    // a mean over windows of a picture whose rows are the channels
    Tensor squares = x.square().reshape(x.dim(0), 1, x.dim(1), -1);
    Tensor padded = squares.pad(2, size / 2, (size - 1) / 2, Padding.CONSTANT, 0);
    Tensor local = Tensor.applyAll(mean, padded)[0].reshape(x.shape());
    return x.div(local.mul(alpha).add(k).pow(beta));
  }

  @Override
  protected String arguments() {
    return String.valueOf(size);
  }
}
