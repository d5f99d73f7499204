package dev.harpia.models.rnn;

import dev.harpia.nn.data.Dataset;
import dev.harpia.nn.data.Example;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.Shape;

/**
 * Windows at random places of a long sequence, other ones in each pass, as the music lab draws its
 * batches: inputs are T tokens, targets the T tokens one place on.
 *
 * <p>Shapes: inputs and targets [T], I32.
 */
final class RandomWindows implements Dataset {
  private final int[] tokens;
  private final int length;
  private final int size;
  private final long seed;

  /** So many windows a pass. */
  RandomWindows(int[] tokens, int length, int size, long seed) {
    if (tokens.length <= length) {
      throw new IllegalArgumentException(
          "windows: the %d tokens must be more than a window's %d"
              .formatted(tokens.length, length));
    }
    this.tokens = tokens;
    this.length = length;
    this.size = size;
    this.seed = seed;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public Shape inputShape() {
    return Shape.of(length);
  }

  @Override
  public Shape targetShape() {
    return Shape.of(length);
  }

  @Override
  public DType inputType() {
    return DType.I32;
  }

  @Override
  public DType targetType() {
    return DType.I32;
  }

  @Override
  public void get(int index, Example out) {
    int from = out.rng(seed).below(tokens.length - length);
    out.x().copyFrom(tokens, from);
    out.y().copyFrom(tokens, from + 1);
  }
}
