package dev.harpia.nn;

import dev.harpia.tensor.Formula;
import dev.harpia.tensor.op.Unary;

/**
 * Sizes and form of a transformer's layers.
 *
 * @param width of the vectors at each position
 * @param feedForward width of the hidden layer after attention
 * @param activation of that hidden layer
 * @param normFirst whether normalisation comes before attention and feed-forward instead of after
 */
public record TransformerConfig(
    int width,
    int heads,
    int feedForward,
    Formula activation,
    boolean normFirst,
    boolean batchFirst,
    float dropout,
    float epsilon) {
  /**
   * PyTorch's defaults but for the batch, which comes first: ReLU, normalisation after, dropout
   * 0.1.
   */
  public static TransformerConfig of(int width, int heads, int feedForward) {
    return new TransformerConfig(width, heads, feedForward, Unary.RELU, false, true, 0.1f, 1e-5f);
  }

  /** With another activation. */
  public TransformerConfig withActivation(Formula f) {
    return new TransformerConfig(
        width, heads, feedForward, f, normFirst, batchFirst, dropout, epsilon);
  }

  /** With normalisation first. */
  public TransformerConfig withNormFirst() {
    return new TransformerConfig(
        width, heads, feedForward, activation, true, batchFirst, dropout, epsilon);
  }

  /** With another rate of dropout. */
  public TransformerConfig withDropout(float p) {
    return new TransformerConfig(
        width, heads, feedForward, activation, normFirst, batchFirst, p, epsilon);
  }

  /** With time as the first axis. */
  public TransformerConfig withTimeFirst() {
    return new TransformerConfig(
        width, heads, feedForward, activation, normFirst, false, dropout, epsilon);
  }

  LayerNorm norm() {
    return new LayerNorm(dev.harpia.tensor.Shape.of(width), epsilon, true, true);
  }

  MultiHeadAttention attention() {
    return new MultiHeadAttention(width, heads, width, width, true, batchFirst);
  }
}
