package dev.harpia.nn;

import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;

/**
 * Root-mean-square normalisation (Zhang, Sennrich 2019): {@code y = x/√(mean x² + ε)·w} over the
 * last dimension.
 *
 * <p>Shapes: x and y [.., D]; {@code weight} [D]. Starts: weight 1.
 */
public final class RMSNorm extends Layer {
  private final Tensor weight;
  private final float epsilon;

  /** Over a last dimension of this size, ε = 1e-6. */
  public RMSNorm(int size) {
    this(size, 1e-6f);
  }

  /** Over a last dimension of this size. */
  public RMSNorm(int size, float epsilon) {
    this.weight = parameter("weight", Tensor.ones(size));
    this.epsilon = epsilon;
  }

  @Override
  public Tensor forward(Tensor x) {
    if (x.rank() == 0 || x.dim(-1) != weight.dim(0)) {
      throw new ShapeException("rmsNorm", "the last dimension must be " + weight.dim(0), x.shape());
    }
    return Tensor.apply(
        new dev.harpia.tensor.op.LayerNorm(weight.dim(0), epsilon, true), x, weight);
  }

  @Override
  protected String arguments() {
    return Integer.toString(weight.dim(0));
  }
}
