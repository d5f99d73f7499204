package dev.harpia.models.gan;

import dev.harpia.nn.Init;
import dev.harpia.nn.Layer;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Conv;
import dev.harpia.tensor.op.Window;

/**
 * A convolution whose weight is normalised to spectral norm 1. In checkpoints {@code weight_orig}
 * [O, C, K, K], {@code bias} [O] and {@code weight_u} [O], as PyTorch names them.
 */
public final class SpectralConv2d extends Layer {
  private final Conv op;
  private final Tensor weight;
  private final Tensor bias;
  private final Tensor u;

  /** A square kernel. */
  public SpectralConv2d(int in, int out, int kernel, int stride, int padding) {
    op = new Conv(Window.of(stride, padding), 1);
    int fanIn = in * kernel * kernel;
    weight = parameter("weight_orig", Init.byFanIn(fanIn, out, in, kernel, kernel));
    bias = parameter("bias", Init.byFanIn(fanIn, out));
    u = buffer("weight_u", SpectralNorm.start(out));
  }

  @Override
  public Tensor forward(Tensor x) {
    return Tensor.apply(op, x, SpectralNorm.normalised(weight, u, training()), bias);
  }

  @Override
  protected String arguments() {
    return "%d, %d, %d×%d, stride %d"
        .formatted(weight.dim(1), weight.dim(0), weight.dim(2), weight.dim(3), op.window().sh());
  }
}
