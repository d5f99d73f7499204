package dev.harpia.nn;

import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Pool;
import dev.harpia.tensor.op.Window;

/**
 * The mean of each window of a picture.
 *
 * <p>Shapes: x [N, C, H, W], y [N, C, H', W'] with H' = ⌊(H + 2·padding − kernel)/stride⌋ + 1.
 */
public final class AvgPool2d extends Layer {
  private final Pool.Fixed windows;

  /** Square windows side by side. */
  public AvgPool2d(int kernel) {
    this(kernel, kernel, 0);
  }

  /** Square windows; means count the padding's zeros. */
  public AvgPool2d(int kernel, int stride, int padding) {
    this(new Pool.Fixed(kernel, kernel, Window.of(stride, padding), false, true, 0));
  }

  /** Any windows. */
  public AvgPool2d(Pool.Fixed windows) {
    this.windows = windows;
  }

  @Override
  public Tensor forward(Tensor x) {
    return Tensor.applyAll(new Pool(false, windows), x)[0];
  }

  @Override
  protected String arguments() {
    return windows.kh() + "×" + windows.kw() + ", stride " + windows.window().sh();
  }
}
