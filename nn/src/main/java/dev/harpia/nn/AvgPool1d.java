package dev.harpia.nn;

import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Pool;
import dev.harpia.tensor.op.Window;

/**
 * The mean of each window of a sequence.
 *
 * <p>Shapes: x [N, C, T], y [N, C, T'] with T' = ⌊(T + 2·padding − kernel)/stride⌋ + 1.
 */
public final class AvgPool1d extends Layer {
  private final int kernel;
  private final int stride;
  private final Pool op;

  /** Windows side by side. */
  public AvgPool1d(int kernel) {
    this(kernel, kernel, 0, false, true);
  }

  /**
   * Any windows.
   *
   * @param ceil whether the output's size is rounded up
   * @param countPadding whether means count the padding's zeros
   */
  public AvgPool1d(int kernel, int stride, int padding, boolean ceil, boolean countPadding) {
    this.kernel = kernel;
    this.stride = stride;
    Window w = new Window(1, stride, 0, padding, 1, 1);
    op = new Pool(false, new Pool.Fixed(1, kernel, w, ceil, countPadding, 0));
  }

  @Override
  public Tensor forward(Tensor x) {
    return MaxPool1d.overRows("avgPool1d", op, x);
  }

  @Override
  protected String arguments() {
    return kernel + ", stride " + stride;
  }
}
