package dev.harpia.nn;

import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Window;

/**
 * The windows of a picture as columns, as a convolution sees them.
 *
 * <p>Shapes: x [N, C, H, W], y [N, C·K·L, P] with K×L the windows' size and P the number of their
 * places, row by row.
 */
public final class Unfold extends Layer {
  private final int kernelH;
  private final int kernelW;
  private final Window window;

  /** Windows of a size at stride 1. */
  public Unfold(int kernelH, int kernelW) {
    this(kernelH, kernelW, Window.PLAIN);
  }

  /** Any windows; zeros in the padding. */
  public Unfold(int kernelH, int kernelW, Window window) {
    if (kernelH < 1 || kernelW < 1) {
      throw new IllegalArgumentException(
          "unfold: windows of " + kernelH + "×" + kernelW + ": must be positive");
    }
    this.kernelH = kernelH;
    this.kernelW = kernelW;
    this.window = window;
  }

  @Override
  public Tensor forward(Tensor x) {
    if (x.rank() != 4) {
      throw new ShapeException("unfold", "the input must be [N, C, H, W]", x.shape());
    }
    Window v = window;
    Tensor rows = places(x, 2, kernelH, v.sh(), v.ph(), v.dh());
    Tensor columns = places(x, 3, kernelW, v.sw(), v.pw(), v.dw());
    // [N, C, K, H', L, W']
    Tensor taps =
        x.pad(2, v.ph(), v.ph())
            .pad(3, v.pw(), v.pw())
            .indexSelect(2, rows)
            .indexSelect(4, columns);
    return taps.permute(0, 1, 2, 4, 3, 5)
        .reshape(x.dim(0), x.dim(1) * kernelH * kernelW, rows.dim(1) * columns.dim(1));
  }

  /** Where element k of window i lies: [K, places]. */
  private static Tensor places(
      Tensor x, int axis, int kernel, int stride, int padding, int dilation) {
    int room = x.dim(axis) + 2 * padding - dilation * (kernel - 1);
    if (room < 1) {
      throw new ShapeException(
          "unfold",
          "axis " + axis + " with padding " + padding + " is smaller than a window",
          x.shape());
    }
    int n = (room - 1) / stride + 1;
    int[] at = new int[kernel * n];
    for (int k = 0; k < kernel; k++) {
      for (int i = 0; i < n; i++) {
        at[k * n + i] = k * dilation + i * stride;
      }
    }
    return Tensor.of(at, Shape.of(kernel, n));
  }

  @Override
  protected String arguments() {
    return kernelH + "×" + kernelW;
  }
}
