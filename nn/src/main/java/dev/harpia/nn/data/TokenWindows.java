package dev.harpia.nn.data;

import dev.harpia.tensor.DType;
import dev.harpia.tensor.Shape;
import java.util.Objects;

/**
 * A long sequence in windows, to learn each next token from those before it: inputs are T tokens,
 * targets the T tokens one place on.
 *
 * <p>Shapes: inputs and targets [T], I32.
 */
public final class TokenWindows implements Dataset {
  private final int[] tokens;
  private final int length;
  private final int stride;

  /**
   * The windows of {@code length} tokens that begin at each multiple of {@code stride} and have a
   * token behind them.
   */
  public TokenWindows(int[] tokens, int length, int stride) {
    if (length < 1 || stride < 1 || tokens.length <= length) {
      throw new IllegalArgumentException(
          "windows: length %d and stride %d must be at least 1, and the %d tokens more than a window"
              .formatted(length, stride, tokens.length));
    }
    this.tokens = tokens.clone();
    this.length = length;
    this.stride = stride;
  }

  @Override
  public int size() {
    return (tokens.length - length - 1) / stride + 1;
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
    int from = Objects.checkIndex(index, size()) * stride;
    out.x().copyFrom(tokens, from);
    out.y().copyFrom(tokens, from + 1);
  }
}
