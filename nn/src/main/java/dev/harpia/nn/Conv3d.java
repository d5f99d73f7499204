package dev.harpia.nn;

import dev.harpia.tensor.Padding;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Convolution over three dimensions, depth before height and width.
 *
 * <p>Shapes: x [N, C, D, H, W], y [N, O, D', H', W'] with D' = ⌊(D + 2·padding − dilation·(J−1) −
 * 1)/stride⌋ + 1, and H' and W' likewise; {@code weight} [O, C/groups, J, K, L], {@code bias} [O].
 *
 * <p>Starts: weight and bias uniform with bound 1/√(C/groups·J·K·L), as PyTorch does.
 */
public final class Conv3d extends Layer {
  /** How a kernel moves along the depth. */
  public record Depth(int kernel, int stride, int padding, int dilation) {
    /** Checks. */
    public Depth {
      if (kernel < 1 || stride < 1 || padding < 0 || dilation < 1) {
        throw new IllegalArgumentException(
            "conv3d: depth: kernel "
                + kernel
                + ", stride "
                + stride
                + ", padding "
                + padding
                + ", dilation "
                + dilation
                + ": must be positive, padding not negative");
      }
    }
  }

  private final Depth depth;
  private final ConvOptions options;
  private final Tensor weight;
  private final @Nullable Tensor bias;

  /** A cubic kernel, stride 1, no padding, with a bias. */
  public Conv3d(int in, int out, int kernel) {
    this(in, out, kernel, 1, 0);
  }

  /** A cubic kernel with a bias. */
  public Conv3d(int in, int out, int kernel, int stride, int padding) {
    this(
        in,
        out,
        new Depth(kernel, stride, padding, 1),
        kernel,
        kernel,
        ConvOptions.DEFAULT.withStride(stride).withPadding(padding));
  }

  /** Any form with zeros in the padding; the options are those of height and width. */
  public Conv3d(int in, int out, Depth depth, int kernelH, int kernelW, ConvOptions options) {
    Convolution.check("conv3d", in, out, options, depth.kernel(), kernelH, kernelW);
    if (options.same() || options.mode() != Padding.CONSTANT) {
      throw new IllegalArgumentException(
          "conv3d: " + options + ": padding must be given in numbers and holds zeros");
    }
    this.depth = depth;
    this.options = options;
    int each = in / options.groups();
    int fanIn = each * depth.kernel() * kernelH * kernelW;
    weight = parameter("weight", Init.byFanIn(fanIn, out, each, depth.kernel(), kernelH, kernelW));
    bias = options.bias() ? parameter("bias", Init.byFanIn(fanIn, out)) : null;
  }

  @Override
  public Tensor forward(Tensor x) {
    if (x.rank() != 5) {
      throw new ShapeException("conv3d", "the input must be [N, C, D, H, W]", x.shape());
    }
    int deep = x.dim(2) + 2 * depth.padding() - depth.dilation() * (depth.kernel() - 1);
    if (deep < 1) {
      throw new ShapeException(
          "conv3d",
          "the padded depth is smaller than the dilated kernel " + depth,
          x.shape(),
          weight.shape());
    }
    int out = (deep - 1) / depth.stride() + 1;
    int[] index = new int[out * depth.kernel()];
    for (int i = 0; i < out; i++) {
      for (int j = 0; j < depth.kernel(); j++) {
        index[i * depth.kernel() + j] = i * depth.stride() + j * depth.dilation();
      }
    }
    Tensor taps = Tensor.of(index, Shape.of(out, depth.kernel()));
    // the slices that an output slice sees become channels of one picture: [N, C, D', J, H, W]
    Tensor slices = x.pad(2, depth.padding(), depth.padding()).indexSelect(2, taps);
    Tensor pictures =
        slices
            .permute(0, 2, 1, 3, 4, 5)
            .reshape(x.dim(0) * out, x.dim(1) * depth.kernel(), x.dim(3), x.dim(4));
    Tensor kernel =
        weight.reshape(weight.dim(0), weight.dim(1) * depth.kernel(), weight.dim(3), weight.dim(4));
    Tensor y = Convolution.apply(pictures, kernel, bias, options);
    return y.reshape(x.dim(0), out, y.dim(1), y.dim(2), y.dim(3)).permute(0, 2, 1, 3, 4);
  }

  @Override
  protected String arguments() {
    return weight.dim(1) * options.groups()
        + ", "
        + weight.dim(0)
        + ", "
        + depth.kernel()
        + "×"
        + weight.dim(3)
        + "×"
        + weight.dim(4)
        + Convolution.arguments(options);
  }
}
