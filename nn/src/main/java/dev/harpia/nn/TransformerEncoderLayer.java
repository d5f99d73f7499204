package dev.harpia.nn;

import dev.harpia.nn.MultiHeadAttention.Mask;
import dev.harpia.nn.MultiHeadAttention.Output;
import dev.harpia.tensor.Tensor;

/**
 * Self-attention and a feed-forward network, each with a residual connection and layer
 * normalisation (Vaswani et al. 2017).
 *
 * <p>Shapes: x and y [N, T, E]. Checkpoint names are PyTorch's.
 */
public final class TransformerEncoderLayer extends Layer {
  private final TransformerConfig config;
  private final MultiHeadAttention attention;
  private final Linear linear1;
  private final Linear linear2;
  private final LayerNorm norm1;
  private final LayerNorm norm2;
  private final Dropout dropout;

  /** A layer of this form. */
  public TransformerEncoderLayer(TransformerConfig c) {
    config = c;
    attention = layer("self_attn", c.attention());
    linear1 = layer("linear1", new Linear(c.width(), c.feedForward()));
    linear2 = layer("linear2", new Linear(c.feedForward(), c.width()));
    norm1 = layer("norm1", c.norm());
    norm2 = layer("norm2", c.norm());
    dropout = layer("dropout", new Dropout(c.dropout()));
  }

  @Override
  public Tensor forward(Tensor x) {
    return forward(x, Mask.NONE);
  }

  /** With a mask. */
  public Tensor forward(Tensor x, Mask mask) {
    return forward(x, mask, false).y();
  }

  /** With a mask, and with the attention weights [N, heads, T, T]. */
  public Output forwardWithWeights(Tensor x, Mask mask) {
    return forward(x, mask, true);
  }

  private Output forward(Tensor x, Mask mask, boolean weights) {
    Tensor in = config.normFirst() ? norm1.forward(x) : x;
    Output seen = attention.forward(in, in, in, mask, weights);
    Tensor h = x.add(dropout.forward(seen.y()));
    if (config.normFirst()) {
      return new Output(h.add(feedForward(norm2.forward(h))), seen.weights());
    }
    Tensor n = norm1.forward(h);
    return new Output(norm2.forward(n.add(feedForward(n))), seen.weights());
  }

  private Tensor feedForward(Tensor x) {
    return dropout.forward(
        linear2.forward(dropout.forward(linear1.forward(x).map(config.activation()))));
  }
}
