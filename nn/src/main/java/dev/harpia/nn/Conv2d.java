package dev.harpia.nn;

import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Conv;
import dev.harpia.tensor.op.Window;
import org.jspecify.annotations.Nullable;

/**
 * Convolution over two dimensions; see {@link Conv} for the formula.
 *
 * <p>Shapes: x [N, C, H, W], y [N, O, H', W']; {@code weight} [O, C/groups, K, L], {@code bias}
 * [O].
 *
 * <p>Starts: weight and bias uniform with bound 1/√(C/groups·K·L), as PyTorch does.
 */
public final class Conv2d extends Layer {
  private final Tensor weight;
  private final @Nullable Tensor bias;
  private final Conv op;

  /** A square kernel, stride 1, no padding, with a bias. */
  public Conv2d(int in, int out, int kernel) {
    this(in, out, kernel, 1, 0);
  }

  /** A square kernel with a bias. */
  public Conv2d(int in, int out, int kernel, int stride, int padding) {
    this(in, out, kernel, kernel, Window.of(stride, padding), 1, true);
  }

  /** Any kernel. */
  public Conv2d(
      int in, int out, int kernelH, int kernelW, Window window, int groups, boolean bias) {
    if (in < 1 || out < 1 || groups < 1 || in % groups != 0 || out % groups != 0) {
      throw new IllegalArgumentException(
          "conv2d: "
              + in
              + " to "
              + out
              + " channels in "
              + groups
              + " groups: must be positive, and groups divide both");
    }
    int fanIn = in / groups * kernelH * kernelW;
    op = new Conv(window, groups);
    weight = parameter("weight", Init.byFanIn(fanIn, out, in / groups, kernelH, kernelW));
    this.bias = bias ? parameter("bias", Init.byFanIn(fanIn, out)) : null;
  }

  @Override
  public Tensor forward(Tensor x) {
    return bias == null ? Tensor.apply(op, x, weight) : Tensor.apply(op, x, weight, bias);
  }

  @Override
  protected String arguments() {
    return weight.dim(1) * op.groups()
        + ", "
        + weight.dim(0)
        + ", "
        + weight.dim(2)
        + "×"
        + weight.dim(3)
        + ", stride "
        + op.window().sh()
        + ", padding "
        + op.window().ph()
        + (op.groups() > 1 ? ", groups " + op.groups() : "")
        + (bias == null ? ", no bias" : "");
  }
}
