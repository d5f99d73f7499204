package dev.harpia.nn;

import dev.harpia.tensor.Tensor;

/**
 * The sum, mean or maximum of the vectors of a bag of indices.
 *
 * <p>Shapes: index [N, K] (I32), y [N, D]; {@code weight} [V, D]. Starts: standard normal.
 */
public final class EmbeddingBag extends Layer {
  /** How a bag becomes one vector. */
  public enum Mode {
    /** The sum of its vectors. */
    SUM,
    /** Their mean. */
    MEAN,
    /** Their largest elements. */
    MAX
  }

  private final Tensor weight;
  private final Mode mode;

  /** A table of {@code count} vectors. */
  public EmbeddingBag(int count, int size, Mode mode) {
    if (count < 1 || size < 1) {
      throw new IllegalArgumentException(
          "embeddingBag: " + count + " vectors of " + size + ": must be positive");
    }
    this.mode = mode;
    weight = parameter("weight", Init.normal(1, count, size));
  }

  @Override
  public Tensor forward(Tensor index) {
    Tensor rows = weight.embedding(index);
    return switch (mode) {
      case SUM -> rows.sum(1);
      case MEAN -> rows.mean(1);
      case MAX -> rows.max(1);
    };
  }

  @Override
  protected String arguments() {
    return weight.dim(0) + ", " + weight.dim(1) + ", " + mode;
  }
}
