package dev.harpia.nn;

import dev.harpia.nn.MultiHeadAttention.Mask;
import dev.harpia.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The encoder–decoder transformer (Vaswani et al. 2017), from embedded source and target positions
 * to target features; both stacks end in a layer normalisation.
 *
 * <p>Shapes: source [N, S, E], target [N, T, E], y [N, T, E]. Checkpoint names are PyTorch's.
 */
public final class Transformer extends Layer {
  private final List<TransformerEncoderLayer> encoder = new ArrayList<>();
  private final List<TransformerDecoderLayer> decoder = new ArrayList<>();
  private final LayerNorm encoderNorm;
  private final LayerNorm decoderNorm;

  /** Stacks of layers of one form. */
  public Transformer(TransformerConfig config, int encoderLayers, int decoderLayers) {
    for (int i = 0; i < encoderLayers; i++) {
      encoder.add(new TransformerEncoderLayer(config));
    }
    for (int i = 0; i < decoderLayers; i++) {
      decoder.add(new TransformerDecoderLayer(config));
    }
    encoderNorm = config.norm();
    decoderNorm = config.norm();
    layer("encoder", new Stack(encoder, encoderNorm));
    layer("decoder", new Stack(decoder, decoderNorm));
  }

  /** x is source and target; the target sees only its past. */
  @Override
  public Tensor forward(Tensor x) {
    return forward(x, x, Mask.NONE, Mask.CAUSAL);
  }

  /** Source and target with their masks. */
  public Tensor forward(Tensor source, Tensor target, Mask sourceMask, Mask targetMask) {
    return decode(target, encode(source, sourceMask), targetMask, Mask.NONE);
  }

  /** What the decoder attends to. */
  public Tensor encode(Tensor source, Mask mask) {
    Tensor h = source;
    for (TransformerEncoderLayer l : encoder) {
      h = l.forward(h, mask);
    }
    return encoderNorm.forward(h);
  }

  /** Target features given the encoder's output. */
  public Tensor decode(Tensor target, Tensor memory, Mask own, Mask memoryMask) {
    Tensor h = target;
    for (TransformerDecoderLayer l : decoder) {
      h = l.forward(h, memory, own, memoryMask);
    }
    return decoderNorm.forward(h);
  }

  /** Names a stack's layers as PyTorch does. */
  private static final class Stack extends Layer {
    Stack(List<? extends Layer> chain, LayerNorm norm) {
      layer("layers", new Sequential(chain.toArray(Layer[]::new)));
      layer("norm", norm);
    }

    @Override
    public Tensor forward(Tensor x) {
      throw new UnsupportedOperationException("transformer: call encode or decode");
    }
  }
}
