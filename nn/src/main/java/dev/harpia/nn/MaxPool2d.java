package dev.harpia.nn;

import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Pool;
import dev.harpia.tensor.op.Window;
import java.util.List;

/**
 * The largest element of each window of a picture. NaN counts as the largest; padding never wins.
 *
 * <p>Shapes: x [N, C, H, W], y [N, C, H', W'] with H' = ⌊(H + 2·padding − dilation·(kernel−1) −
 * 1)/stride⌋ + 1.
 */
public final class MaxPool2d extends Layer {
  private final Pool op;

  /** Square windows side by side. */
  public MaxPool2d(int kernel) {
    this(kernel, kernel, 0);
  }

  /** Square windows. */
  public MaxPool2d(int kernel, int stride, int padding) {
    this(kernel, kernel, Window.of(stride, padding), false);
  }

  /** Any windows; {@code ceil} rounds the output's size up. */
  public MaxPool2d(int kernelH, int kernelW, Window window, boolean ceil) {
    op = new Pool(true, new Pool.Fixed(kernelH, kernelW, window, ceil, true, 0));
  }

  @Override
  public Tensor forward(Tensor x) {
    return Tensor.applyAll(op, x)[0];
  }

  /** The largest elements, and their places {@code h·W + w} in the unpadded plane (I32). */
  public List<Tensor> forwardWithIndices(Tensor x) {
    return List.of(Tensor.applyAll(op, x));
  }

  @Override
  protected String arguments() {
    return op.windows() instanceof Pool.Fixed f
        ? f.kh() + "×" + f.kw() + ", stride " + f.window().sh()
        : "";
  }
}
