package dev.harpia.nn;

import dev.harpia.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Group normalisation (Wu, He 2018): {@code y = (x − μ)/√(σ² + ε)·w + b}, with mean and variance
 * over each of G groups of neighbouring channels of one example.
 *
 * <p>Shapes: x and y [N, C, ..], G a divisor of C; {@code weight} and {@code bias} [C]. Starts:
 * weight 1, bias 0.
 */
public final class GroupNorm extends Layer {
  private final int channels;
  private final dev.harpia.tensor.op.GroupNorm op;
  private final @Nullable Tensor weight;
  private final @Nullable Tensor bias;

  /** With weight and bias, ε = 1e-5. */
  public GroupNorm(int groups, int channels) {
    this(groups, channels, 1e-5f, true);
  }

  /** Any form. */
  public GroupNorm(int groups, int channels, float epsilon, boolean affine) {
    if (groups < 1 || channels < 1 || channels % groups != 0) {
      throw new IllegalArgumentException(
          "groupNorm: " + channels + " channels do not fall into " + groups + " equal groups");
    }
    this.channels = channels;
    op = new dev.harpia.tensor.op.GroupNorm(groups, epsilon);
    weight = affine ? parameter("weight", Tensor.ones(channels)) : null;
    bias = affine ? parameter("bias", Tensor.zeros(channels)) : null;
  }

  @Override
  public Tensor forward(Tensor x) {
    return weight == null || bias == null ? Tensor.apply(op, x) : Tensor.apply(op, x, weight, bias);
  }

  @Override
  protected String arguments() {
    return op.groups() + ", " + channels;
  }
}
