package dev.harpia.nn;

import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;

/**
 * Rearranges groups of r² channels into pictures r times as high and wide (Shi et al. 2016).
 *
 * <p>Shapes: x [N, C·r², H, W], y [N, C, H·r, W·r].
 */
public final class PixelShuffle extends Layer {
  private final int r;

  /** With this factor. */
  public PixelShuffle(int factor) {
    if (factor < 1) {
      throw new IllegalArgumentException("pixelShuffle: factor " + factor + " must be positive");
    }
    r = factor;
  }

  @Override
  public Tensor forward(Tensor x) {
    if (x.rank() != 4 || x.dim(1) % (r * r) != 0) {
      throw new ShapeException(
          "pixelShuffle",
          "the input must be [N, C, H, W] with C a multiple of " + r * r,
          x.shape());
    }
    int c = x.dim(1) / (r * r);
    int h = x.dim(2);
    int w = x.dim(3);
    return x.reshape(x.dim(0), c, r, r, h, w)
        .permute(0, 1, 4, 2, 5, 3)
        .reshape(x.dim(0), c, h * r, w * r);
  }

  @Override
  protected String arguments() {
    return String.valueOf(r);
  }
}
