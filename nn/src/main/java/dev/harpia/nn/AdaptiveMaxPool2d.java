package dev.harpia.nn;

import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Pool;

/**
 * The largest element of each part of a picture of any size, divided into H'×W' parts that overlap
 * where the sizes do not divide: rows ⌊i·H/H'⌋ to ⌈(i+1)·H/H'⌉.
 *
 * <p>Shapes: x [N, C, H, W], y [N, C, H', W'].
 */
public final class AdaptiveMaxPool2d extends Layer {
  private final int height;
  private final int width;

  /** A square result. */
  public AdaptiveMaxPool2d(int size) {
    this(size, size);
  }

  /** A result of this size; 0 keeps the input's. */
  public AdaptiveMaxPool2d(int height, int width) {
    if (height < 0 || width < 0) {
      throw new IllegalArgumentException(
          "adaptiveMaxPool2d: " + height + "×" + width + ": sizes must not be negative");
    }
    this.height = height;
    this.width = width;
  }

  @Override
  public Tensor forward(Tensor x) {
    if (x.rank() != 4) {
      throw new ShapeException("adaptiveMaxPool2d", "the input must be [N, C, H, W]", x.shape());
    }
    int h = height == 0 ? x.dim(2) : height;
    int w = width == 0 ? x.dim(3) : width;
    return Tensor.applyAll(new Pool(true, new Pool.Adaptive(h, w)), x)[0];
  }

  @Override
  protected String arguments() {
    return height + "×" + width;
  }
}
