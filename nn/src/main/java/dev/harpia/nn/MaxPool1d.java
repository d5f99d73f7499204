package dev.harpia.nn;

import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Pool;
import dev.harpia.tensor.op.Window;

/**
 * The largest element of each window of a sequence. NaN counts as the largest; padding never wins.
 *
 * <p>Shapes: x [N, C, T], y [N, C, T'] with T' = ⌊(T + 2·padding − kernel)/stride⌋ + 1.
 */
public final class MaxPool1d extends Layer {
  private final int kernel;
  private final int stride;
  private final Pool op;

  /** Windows side by side. */
  public MaxPool1d(int kernel) {
    this(kernel, kernel, 0, false);
  }

  /** Any windows; {@code ceil} rounds the output's size up. */
  public MaxPool1d(int kernel, int stride, int padding, boolean ceil) {
    this.kernel = kernel;
    this.stride = stride;
    Window w = new Window(1, stride, 0, padding, 1, 1);
    op = new Pool(true, new Pool.Fixed(1, kernel, w, ceil, true, 0));
  }

  @Override
  public Tensor forward(Tensor x) {
    return overRows("maxPool1d", op, x);
  }

  /** Pools a sequence as a picture one pixel high. */
  static Tensor overRows(String name, Pool op, Tensor x) {
    if (x.rank() != 3) {
      throw new ShapeException(name, "the input must be [N, C, T]", x.shape());
    }
    return Tensor.applyAll(op, x.unsqueeze(2))[0].squeeze(2);
  }

  @Override
  protected String arguments() {
    return kernel + ", stride " + stride;
  }
}
