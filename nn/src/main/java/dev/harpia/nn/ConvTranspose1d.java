package dev.harpia.nn;

import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.ConvTranspose;
import dev.harpia.tensor.op.Window;
import org.jspecify.annotations.Nullable;

/**
 * Transposed convolution over one dimension: the gradient of a {@link Conv1d} with respect to its
 * input, as a layer.
 *
 * <p>Shapes: x [N, C, T], y [N, O, T'] with T' = (T−1)·stride − 2·padding + dilation·(K−1) +
 * outputPadding + 1; {@code weight} [C, O/groups, K], {@code bias} [O].
 *
 * <p>Starts: weight and bias uniform with bound 1/√(O/groups·K), as PyTorch does.
 */
public final class ConvTranspose1d extends Layer {
  private final Tensor weight;
  private final @Nullable Tensor bias;
  private final ConvTranspose op;

  /** Stride 1, no padding, with a bias. */
  public ConvTranspose1d(int in, int out, int kernel) {
    this(in, out, kernel, 1, 0, 0);
  }

  /** With a stride, padding and a bias. */
  public ConvTranspose1d(int in, int out, int kernel, int stride, int padding, int outputPadding) {
    this(in, out, kernel, new ConvTranspose(Window.of(stride, padding), 0, outputPadding, 1), true);
  }

  /** Any form; only what is said about columns counts. */
  public ConvTranspose1d(int in, int out, int kernel, ConvTranspose form, boolean bias) {
    ConvTranspose2d.check("convTranspose1d", in, out, form, kernel);
    Window w = form.window();
    op =
        new ConvTranspose(
            new Window(1, w.sw(), 0, w.pw(), 1, w.dw()), 0, form.outputPaddingW(), form.groups());
    int each = out / form.groups();
    weight = parameter("weight", Init.byFanIn(each * kernel, in, each, kernel));
    this.bias = bias ? parameter("bias", Init.byFanIn(each * kernel, out)) : null;
  }

  @Override
  public Tensor forward(Tensor x) {
    if (x.rank() != 3) {
      throw new ShapeException("convTranspose1d", "the input must be [N, C, T]", x.shape());
    }
    Tensor picture = x.unsqueeze(2);
    Tensor kernel = weight.unsqueeze(2);
    Tensor y =
        bias == null ? Tensor.apply(op, picture, kernel) : Tensor.apply(op, picture, kernel, bias);
    return y.squeeze(2);
  }

  @Override
  protected String arguments() {
    return weight.dim(0)
        + ", "
        + weight.dim(1) * op.groups()
        + ", "
        + weight.dim(2)
        + ", stride "
        + op.window().sw();
  }
}
