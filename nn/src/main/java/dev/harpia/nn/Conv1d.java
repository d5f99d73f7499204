package dev.harpia.nn;

import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Window;
import org.jspecify.annotations.Nullable;

/**
 * Convolution over one dimension: {@code y[n,o,t] = b[o] + Σ x[n,c,t·stride + k·dilation −
 * padding]·W[o,c,k]}.
 *
 * <p>Shapes: x [N, C, T], y [N, O, T'] with T' = ⌊(T + 2·padding − dilation·(K−1) − 1)/stride⌋ + 1;
 * {@code weight} [O, C/groups, K], {@code bias} [O].
 *
 * <p>Starts: weight and bias uniform with bound 1/√(C/groups·K), as PyTorch does.
 */
public final class Conv1d extends Layer {
  private final Tensor weight;
  private final @Nullable Tensor bias;
  private final ConvOptions options;

  /** Stride 1, no padding, with a bias. */
  public Conv1d(int in, int out, int kernel) {
    this(in, out, kernel, ConvOptions.DEFAULT);
  }

  /** With a stride, padding and a bias. */
  public Conv1d(int in, int out, int kernel, int stride, int padding) {
    this(in, out, kernel, ConvOptions.DEFAULT.withStride(stride).withPadding(padding));
  }

  /** Any form; of the window only what is said about columns counts. */
  public Conv1d(int in, int out, int kernel, ConvOptions options) {
    Convolution.check("conv1d", in, out, options, kernel);
    Window w = options.window();
    this.options = options.withWindow(new Window(1, w.sw(), 0, w.pw(), 1, w.dw()));
    int fanIn = in / options.groups() * kernel;
    weight = parameter("weight", Init.byFanIn(fanIn, out, in / options.groups(), kernel));
    bias = options.bias() ? parameter("bias", Init.byFanIn(fanIn, out)) : null;
  }

  @Override
  public Tensor forward(Tensor x) {
    if (x.rank() != 3) {
      throw new ShapeException("conv1d", "the input must be [N, C, T]", x.shape());
    }
    // a picture one pixel high
    return Convolution.apply(x.unsqueeze(2), weight.unsqueeze(2), bias, options).squeeze(2);
  }

  @Override
  protected String arguments() {
    return weight.dim(1) * options.groups()
        + ", "
        + weight.dim(0)
        + ", "
        + weight.dim(2)
        + Convolution.arguments(options);
  }
}
