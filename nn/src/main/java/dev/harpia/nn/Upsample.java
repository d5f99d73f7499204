package dev.harpia.nn;

import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Resize;

/**
 * Pictures in another size. Output pixel i lies at {@code (i + ½)/scale − ½} of the input, or, with
 * aligned corners, at {@code i·(H − 1)/(H' − 1)}.
 *
 * <p>Shapes: x [N, C, H, W], y [N, C, ⌊H·scale⌋, ⌊W·scale⌋].
 */
public final class Upsample extends Layer {
  /** How pixels are made. */
  public enum Mode {
    /** The input's pixel ⌊i/scale⌋. */
    NEAREST,
    /** A mixture of four neighbours, by distance. */
    BILINEAR,
    /** A mixture of sixteen neighbours by cubic convolution (Keys 1981) with a = −¾. */
    BICUBIC
  }

  private final double scale;
  private final Mode mode;
  private final boolean alignCorners;

  /** Larger by a factor, with the nearest pixels. */
  public Upsample(double scale) {
    this(scale, Mode.NEAREST, false);
  }

  /** Any form; corners can be aligned where pixels are mixed. */
  public Upsample(double scale, Mode mode, boolean alignCorners) {
    if (!(scale > 0) || (alignCorners && mode == Mode.NEAREST)) {
      throw new IllegalArgumentException(
          "upsample: scale "
              + scale
              + ", "
              + mode
              + ": the scale must be positive, and NEAREST does not align corners");
    }
    this.scale = scale;
    this.mode = mode;
    this.alignCorners = alignCorners;
  }

  @Override
  public Tensor forward(Tensor x) {
    int h = x.rank() == 4 ? (int) (x.dim(2) * scale) : 0;
    int w = x.rank() == 4 ? (int) (x.dim(3) * scale) : 0;
    if (h < 1 || w < 1) {
      throw new ShapeException(
          "upsample", "the input must be [N, C, H, W] and the result not empty", x.shape());
    }
    boolean exact = h == x.dim(2) * scale && w == x.dim(3) * scale;
    if (mode != Mode.BICUBIC && (exact || alignCorners)) {
      return Tensor.apply(new Resize(h, w, mode == Mode.BILINEAR, alignCorners), x);
    }
    // places by the scale, not by the rounded sizes: each axis is a linear map
    return map(x.dim(2), h).matmul(x).matmulT(map(x.dim(3), w));
  }

  /** The weights [to, from] with which an axis is mixed. */
  private Tensor map(int from, int to) {
    float[] weights = new float[to * from];
    for (int i = 0; i < to; i++) {
      double at = alignCorners ? i * (from - 1.0) / Math.max(1, to - 1) : (i + 0.5) / scale - 0.5;
      switch (mode) {
        case NEAREST -> weights[i * from + Math.min((int) (i / scale), from - 1)] = 1;
        case BILINEAR -> {
          double c = Math.max(0, at);
          int k = Math.min((int) c, from - 1);
          weights[i * from + k] += (float) (1 - (c - k));
          weights[i * from + Math.min(k + 1, from - 1)] += (float) (c - k);
        }
        case BICUBIC -> {
          int k = (int) Math.floor(at);
          for (int j = k - 1; j <= k + 2; j++) {
            weights[i * from + Math.clamp(j, 0, from - 1)] += (float) cubic(Math.abs(at - j));
          }
        }
      }
    }
    return Tensor.of(weights, Shape.of(to, from));
  }

  private static double cubic(double d) {
    double a = -0.75;
    return d <= 1
        ? ((a + 2) * d - (a + 3)) * d * d + 1
        : d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
  }

  @Override
  protected String arguments() {
    return scale + ", " + mode;
  }
}
