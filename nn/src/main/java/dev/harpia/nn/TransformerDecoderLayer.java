package dev.harpia.nn;

import dev.harpia.nn.MultiHeadAttention.Mask;
import dev.harpia.tensor.Tensor;

/**
 * Self-attention, attention to an encoder's output, and a feed-forward network, each with a
 * residual connection and layer normalisation (Vaswani et al. 2017).
 *
 * <p>Shapes: x and y [N, T, E], memory [N, S, E]. Checkpoint names are PyTorch's.
 */
public final class TransformerDecoderLayer extends Layer {
  private final TransformerConfig config;
  private final MultiHeadAttention self;
  private final MultiHeadAttention cross;
  private final Linear linear1;
  private final Linear linear2;
  private final LayerNorm norm1;
  private final LayerNorm norm2;
  private final LayerNorm norm3;
  private final Dropout dropout;

  /** A layer of this form. */
  public TransformerDecoderLayer(TransformerConfig c) {
    config = c;
    self = layer("self_attn", c.attention());
    cross = layer("multihead_attn", c.attention());
    linear1 = layer("linear1", new Linear(c.width(), c.feedForward()));
    linear2 = layer("linear2", new Linear(c.feedForward(), c.width()));
    norm1 = layer("norm1", c.norm());
    norm2 = layer("norm2", c.norm());
    norm3 = layer("norm3", c.norm());
    dropout = layer("dropout", new Dropout(c.dropout()));
  }

  /** x is its own memory. */
  @Override
  public Tensor forward(Tensor x) {
    return forward(x, x, Mask.CAUSAL, Mask.NONE);
  }

  /** With masks for the layer's own positions and for the memory's. */
  public Tensor forward(Tensor x, Tensor memory, Mask own, Mask memoryMask) {
    if (config.normFirst()) {
      Tensor a = norm1.forward(x);
      Tensor h = x.add(attend(self, a, a, own));
      h = h.add(attend(cross, norm2.forward(h), memory, memoryMask));
      return h.add(feedForward(norm3.forward(h)));
    }
    Tensor h = norm1.forward(x.add(attend(self, x, x, own)));
    h = norm2.forward(h.add(attend(cross, h, memory, memoryMask)));
    return norm3.forward(h.add(feedForward(h)));
  }

  private Tensor attend(MultiHeadAttention attention, Tensor q, Tensor kv, Mask mask) {
    return dropout.forward(attention.forward(q, kv, kv, mask, false).y());
  }

  private Tensor feedForward(Tensor x) {
    return dropout.forward(
        linear2.forward(dropout.forward(linear1.forward(x).map(config.activation()))));
  }
}
