package dev.harpia.nn;

import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Instance normalisation (Ulyanov et al. 2016): {@code y = (x − μ)/√(σ² + ε)·w + b}, with mean and
 * variance over the pixels of one channel of one example, in training and evaluation alike.
 *
 * <p>Shapes: x and y [N, C, H, W]; {@code weight} and {@code bias} [C], where asked for. Starts:
 * weight 1, bias 0.
 */
public final class InstanceNorm2d extends Layer {
  private final int channels;
  private final dev.harpia.tensor.op.GroupNorm op;
  private final @Nullable Tensor weight;
  private final @Nullable Tensor bias;

  /** Without weight and bias, ε = 1e-5. */
  public InstanceNorm2d(int channels) {
    this(channels, 1e-5f, false);
  }

  /** Any form. */
  public InstanceNorm2d(int channels, float epsilon, boolean affine) {
    if (channels < 1) {
      throw new IllegalArgumentException(
          "instanceNorm2d: " + channels + " channels: must be positive");
    }
    this.channels = channels;
    op = new dev.harpia.tensor.op.GroupNorm(channels, epsilon);
    weight = affine ? parameter("weight", Tensor.ones(channels)) : null;
    bias = affine ? parameter("bias", Tensor.zeros(channels)) : null;
  }

  @Override
  public Tensor forward(Tensor x) {
    if (x.rank() != 4 || x.dim(1) != channels) {
      throw new ShapeException(
          "instanceNorm2d", "the input must be [N, " + channels + ", H, W]", x.shape());
    }
    return weight == null || bias == null ? Tensor.apply(op, x) : Tensor.apply(op, x, weight, bias);
  }

  @Override
  protected String arguments() {
    return String.valueOf(channels);
  }
}
