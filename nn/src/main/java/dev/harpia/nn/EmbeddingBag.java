package dev.harpia.nn;

import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import java.util.Arrays;

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
    if (index.rank() != 2) {
      throw new ShapeException("embeddingBag", "the indices must be [N, K]", index.shape());
    }
    if (mode == Mode.MAX) {
      return weight.embedding(index).max(1);
    }
    int[] offsets = new int[index.dim(0)];
    Arrays.setAll(offsets, b -> b * index.dim(1));
    return forward(index.reshape(-1), Tensor.of(offsets));
  }

  /**
   * Bags of different sizes: bag b has the indices from {@code offsets[b]} up to {@code offsets[b +
   * 1]}, and an empty one gives zeros. Shapes: index [K], offsets [N] (I32).
   */
  public Tensor forward(Tensor index, Tensor offsets) {
    if (mode == Mode.MAX) {
      throw new IllegalArgumentException(
          "embeddingBag: bags with offsets take SUM or MEAN, not MAX; use bags of one size");
    }
    var op = new dev.harpia.tensor.op.EmbeddingBag(mode == Mode.MEAN);
    return Tensor.apply(op, weight, index, offsets);
  }

  @Override
  protected String arguments() {
    return weight.dim(0) + ", " + weight.dim(1) + ", " + mode;
  }
}
