package dev.harpia.nn;

import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.ConvTranspose;
import dev.harpia.tensor.op.Window;
import org.jspecify.annotations.Nullable;

/**
 * Transposed convolution over two dimensions, which enlarges pictures: the gradient of a {@link
 * Conv2d} with respect to its input, as a layer.
 *
 * <p>Shapes: x [N, C, H, W], y [N, O, H', W'] with H' = (H−1)·stride − 2·padding + dilation·(K−1) +
 * outputPadding + 1; {@code weight} [C, O/groups, K, L], {@code bias} [O].
 *
 * <p>Starts: weight and bias uniform with bound 1/√(O/groups·K·L), as PyTorch does.
 */
public final class ConvTranspose2d extends Layer {
  private final Tensor weight;
  private final @Nullable Tensor bias;
  private final ConvTranspose op;

  /** A square kernel, stride 1, no padding, with a bias. */
  public ConvTranspose2d(int in, int out, int kernel) {
    this(in, out, kernel, 1, 0, 0);
  }

  /** A square kernel with a bias. */
  public ConvTranspose2d(int in, int out, int kernel, int stride, int padding, int outputPadding) {
    this(
        in,
        out,
        kernel,
        kernel,
        new ConvTranspose(Window.of(stride, padding), outputPadding, outputPadding, 1),
        true);
  }

  /** Any form. */
  public ConvTranspose2d(
      int in, int out, int kernelH, int kernelW, ConvTranspose form, boolean bias) {
    check("convTranspose2d", in, out, form, kernelH, kernelW);
    op = form;
    int each = out / form.groups();
    int fanIn = each * kernelH * kernelW;
    weight = parameter("weight", Init.byFanIn(fanIn, in, each, kernelH, kernelW));
    this.bias = bias ? parameter("bias", Init.byFanIn(fanIn, out)) : null;
  }

  static void check(String name, int in, int out, ConvTranspose form, int... kernel) {
    Convolution.check(
        name,
        in,
        out,
        ConvOptions.DEFAULT.withGroups(form.groups()).withWindow(form.window()),
        kernel);
  }

  @Override
  public Tensor forward(Tensor x) {
    return bias == null ? Tensor.apply(op, x, weight) : Tensor.apply(op, x, weight, bias);
  }

  @Override
  protected String arguments() {
    return weight.dim(0)
        + ", "
        + weight.dim(1) * op.groups()
        + ", "
        + weight.dim(2)
        + "×"
        + weight.dim(3)
        + ", stride "
        + op.window().sh();
  }
}
