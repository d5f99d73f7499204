package dev.harpia.models.bert;

import dev.harpia.nn.Activation;
import dev.harpia.nn.Layer;
import dev.harpia.nn.LayerNorm;
import dev.harpia.nn.Linear;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * An encoder that guesses words that were hidden from it. The last layer is the table of words,
 * used backwards.
 *
 * <p>Shapes: tokens [N, T] (I32), logits [N, T, V].
 */
public final class MaskedLanguageModel extends Layer {
  private final Bert bert;
  private final Linear dense;
  private final LayerNorm norm;
  private final Tensor bias;

  /** A head on an encoder. */
  public MaskedLanguageModel(Bert bert) {
    int width = bert.config().width();
    dense = new Linear(width, width);
    Bert.start(dense);
    this.bert = layer("bert", bert);
    layer("dense", dense);
    norm = layer("norm", new LayerNorm(Shape.of(width), 1e-12f, true, true));
    bias = parameter("bias", Tensor.zeros(bert.config().vocabulary()));
  }

  /** The encoder. */
  public Bert bert() {
    return bert;
  }

  @Override
  public Tensor forward(Tensor tokens) {
    return forward(tokens, null, null);
  }

  /** With segments and padding, see {@link Bert#encode}. */
  public Tensor forward(Tensor tokens, @Nullable Tensor segments, @Nullable Tensor padding) {
    Tensor h = bert.encode(tokens, segments, padding, false).y(); // [N, T, E]
    h = norm.forward(Activation.gelu().forward(dense.forward(h)));
    return h.matmulT(bert.table()).add(bias); // [N, T, V]
  }
}
