package dev.harpia.nn;

import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Binary;

/**
 * Rectifier with a learnt slope (He et al. 2015): {@code x} where positive, {@code w·x} elsewhere,
 * with one slope for all channels or one for each.
 *
 * <p>Shapes: x and y [N, C, ..]; {@code weight} [1] or [C]. Starts: ¼.
 */
public final class PReLU extends Layer {
  private final Tensor weight;

  /** One slope for everything. */
  public PReLU() {
    this(1);
  }

  /** One slope for each channel. */
  public PReLU(int channels) {
    if (channels < 1) {
      throw new IllegalArgumentException("prelu: " + channels + " channels: must be positive");
    }
    weight = parameter("weight", Tensor.full(0.25f, channels));
  }

  @Override
  public Tensor forward(Tensor x) {
    int channels = weight.dim(0);
    if (channels == 1) {
      return Tensor.apply(Binary.PRELU, x, weight);
    }
    if (x.rank() < 2 || x.dim(1) != channels) {
      throw new ShapeException("prelu", "the input must be [N, " + channels + ", ..]", x.shape());
    }
    int[] column = new int[x.rank() - 1];
    java.util.Arrays.fill(column, 1);
    column[0] = channels;
    return Tensor.apply(Binary.PRELU, x, weight.reshape(column));
  }

  @Override
  protected String arguments() {
    return String.valueOf(weight.dim(0));
  }
}
