package dev.harpia.nn;

import dev.harpia.tensor.Tensor;

/**
 * A table of vectors: {@code y[..] = weight[index[..]]}.
 *
 * <p>Shapes: index [..] (I32), y [.., D]; {@code weight} [V, D].
 *
 * <p>Starts: standard normal, the padding's row 0.
 */
public final class Embedding extends Layer {
  private static final int NONE = -1;

  /** Whole numbers up to here are floats, too. */
  private static final int LAST_PADDING = 1 << 24;

  private final Tensor weight;
  private final int padding;

  /** A table of {@code count} vectors. */
  public Embedding(int count, int size) {
    this(count, size, NONE);
  }

  /** A table in which row {@code padding} gets no gradient and starts at 0; −1 for none. */
  public Embedding(int count, int size, int padding) {
    if (count < 1 || size < 1 || padding < NONE || padding >= Math.min(count, LAST_PADDING)) {
      throw new IllegalArgumentException(
          "embedding: "
              + count
              + " vectors of "
              + size
              + ", padding "
              + padding
              + ": sizes must be positive, the padding -1 or a row below "
              + LAST_PADDING);
    }
    this.padding = padding;
    weight = parameter("weight", Init.normal(1, count, size));
    if (padding != NONE) {
      for (int i = 0; i < size; i++) {
        weight.set(0, padding, i);
      }
    }
  }

  /** The table [V, D]. */
  public Tensor weight() {
    return weight;
  }

  @Override
  public Tensor forward(Tensor index) {
    return lookup(weight, index, padding);
  }

  /** Rows of a table; the row of the padding gets no gradient. */
  static Tensor lookup(Tensor weight, Tensor index, int padding) {
    if (padding == NONE) {
      return weight.embedding(index);
    }
    // where the index is the padding, a constant stands in for the row
    Tensor own = index.toFloat().eq(Tensor.scalar(padding)).unsqueeze(index.rank());
    Tensor constant = weight.detach().slice(0, padding, padding + 1).reshape(weight.dim(1));
    return Tensor.where(own, constant, weight.embedding(index));
  }

  @Override
  protected String arguments() {
    return weight.dim(0) + ", " + weight.dim(1);
  }
}
