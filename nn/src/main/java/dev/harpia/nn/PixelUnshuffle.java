package dev.harpia.nn;

import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;

/**
 * Undoes {@link PixelShuffle}: squares of r² pixels become channels.
 *
 * <p>Shapes: x [N, C, H·r, W·r], y [N, C·r², H, W].
 */
public final class PixelUnshuffle extends Layer {
  private final int r;

  /** With this factor. */
  public PixelUnshuffle(int factor) {
    if (factor < 1) {
      throw new IllegalArgumentException("pixelUnshuffle: factor " + factor + " must be positive");
    }
    r = factor;
  }

  @Override
  public Tensor forward(Tensor x) {
    if (x.rank() != 4 || x.dim(2) % r != 0 || x.dim(3) % r != 0) {
      throw new ShapeException(
          "pixelUnshuffle",
          "the input must be [N, C, H, W] with H and W multiples of " + r,
          x.shape());
    }
    int c = x.dim(1);
    int h = x.dim(2) / r;
    int w = x.dim(3) / r;
    return x.reshape(x.dim(0), c, h, r, w, r)
        .permute(0, 1, 3, 5, 2, 4)
        .reshape(x.dim(0), c * r * r, h, w);
  }

  @Override
  protected String arguments() {
    return String.valueOf(r);
  }
}
