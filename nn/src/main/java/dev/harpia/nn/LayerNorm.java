package dev.harpia.nn;

import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Layer normalisation (Ba et al. 2016): {@code y = (x − μ)/√(σ² + ε)·w + b}, with mean and variance
 * over the last dimensions.
 *
 * <p>Shapes: x and y [.., D..]; {@code weight} and {@code bias} [D..]. Starts: weight 1, bias 0.
 */
public final class LayerNorm extends Layer {
  private final Shape normalized;
  private final float epsilon;
  private final @Nullable Tensor weight;
  private final @Nullable Tensor bias;

  /** Over the last dimension, with weight and bias, ε = 1e-5. */
  public LayerNorm(int size) {
    this(Shape.of(size), 1e-5f, true, true);
  }

  /** Over the last dimensions; a bias takes a weight. */
  public LayerNorm(Shape normalized, float epsilon, boolean weight, boolean bias) {
    if (normalized.rank() == 0 || normalized.size() == 0 || (bias && !weight)) {
      throw new IllegalArgumentException(
          "layerNorm: " + normalized + ": must have elements, and a bias takes a weight");
    }
    this.normalized = normalized;
    this.epsilon = epsilon;
    this.weight = weight ? parameter("weight", Tensor.ones(normalized.dims())) : null;
    this.bias = bias ? parameter("bias", Tensor.zeros(normalized)) : null;
  }

  @Override
  public Tensor forward(Tensor x) {
    int from = x.rank() - normalized.rank();
    for (int i = 0; i < normalized.rank(); i++) {
      if (from < 0 || x.dim(from + i) != normalized.dim(i)) {
        throw new ShapeException(
            "layerNorm", "the last dimensions must be " + normalized, x.shape());
      }
    }
    var op = new dev.harpia.tensor.op.LayerNorm(Math.toIntExact(normalized.size()), epsilon, false);
    if (weight == null) {
      return Tensor.apply(op, x);
    }
    return bias == null ? Tensor.apply(op, x, weight) : Tensor.apply(op, x, weight, bias);
  }

  @Override
  protected String arguments() {
    return normalized.toString();
  }
}
