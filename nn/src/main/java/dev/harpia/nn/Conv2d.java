package dev.harpia.nn;

import dev.harpia.tensor.Padding;
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
  private final ConvOptions options;

  /** A square kernel, stride 1, no padding, with a bias. */
  public Conv2d(int in, int out, int kernel) {
    this(in, out, kernel, 1, 0);
  }

  /** A square kernel with a bias. */
  public Conv2d(int in, int out, int kernel, int stride, int padding) {
    this(in, out, kernel, kernel, Window.of(stride, padding), 1, true);
  }

  /** Any kernel, zeros in the padding. */
  public Conv2d(
      int in, int out, int kernelH, int kernelW, Window window, int groups, boolean bias) {
    this(in, out, kernelH, kernelW, new ConvOptions(window, groups, bias, Padding.CONSTANT, false));
  }

  /** Any form. */
  public Conv2d(int in, int out, int kernelH, int kernelW, ConvOptions options) {
    Convolution.check("conv2d", in, out, options, kernelH, kernelW);
    this.options = options;
    int fanIn = in / options.groups() * kernelH * kernelW;
    weight = parameter("weight", Init.byFanIn(fanIn, out, in / options.groups(), kernelH, kernelW));
    bias = options.bias() ? parameter("bias", Init.byFanIn(fanIn, out)) : null;
  }

  @Override
  public Tensor forward(Tensor x) {
    return Convolution.apply(x, weight, bias, options);
  }

  @Override
  protected String arguments() {
    return weight.dim(1) * options.groups()
        + ", "
        + weight.dim(0)
        + ", "
        + weight.dim(2)
        + "×"
        + weight.dim(3)
        + Convolution.arguments(options);
  }
}
