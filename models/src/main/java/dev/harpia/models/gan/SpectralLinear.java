package dev.harpia.models.gan;

import dev.harpia.nn.Init;
import dev.harpia.nn.Layer;
import dev.harpia.tensor.Tensor;

/**
 * A linear layer whose weight is normalised to spectral norm 1. In checkpoints {@code weight_orig}
 * [out, in], {@code bias} [out] and {@code weight_u} [out], as PyTorch names them.
 */
public final class SpectralLinear extends Layer {
  private final Tensor weight;
  private final Tensor bias;
  private final Tensor u;

  /** From {@code in} to {@code out} features. */
  public SpectralLinear(int in, int out) {
    weight = parameter("weight_orig", Init.byFanIn(in, out, in));
    bias = parameter("bias", Init.byFanIn(in, out));
    u = buffer("weight_u", SpectralNorm.start(out));
  }

  @Override
  public Tensor forward(Tensor x) {
    return x.matmulT(SpectralNorm.normalised(weight, u, training())).add(bias);
  }

  @Override
  protected String arguments() {
    return weight.dim(1) + ", " + weight.dim(0);
  }
}
