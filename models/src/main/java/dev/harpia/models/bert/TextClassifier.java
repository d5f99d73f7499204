package dev.harpia.models.bert;

import dev.harpia.nn.Dropout;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Linear;
import dev.harpia.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * An encoder that sorts texts into classes by its features of the first token.
 *
 * <p>Shapes: tokens [N, T] (I32), logits [N, classes].
 */
public final class TextClassifier extends Layer {
  private final Bert bert;
  private final Linear pooler;
  private final Dropout dropout;
  private final Linear classifier;

  /** A head on an encoder, which may have been trained before. */
  public TextClassifier(Bert bert, int classes) {
    int width = bert.config().width();
    pooler = new Linear(width, width);
    classifier = new Linear(width, classes);
    Bert.start(pooler);
    Bert.start(classifier);
    this.bert = layer("bert", bert);
    layer("pooler", pooler);
    dropout = layer("dropout", new Dropout(bert.config().dropout()));
    layer("classifier", classifier);
  }

  @Override
  public Tensor forward(Tensor tokens) {
    return forward(tokens, null, null);
  }

  /** With segments and padding, see {@link Bert#encode}. */
  public Tensor forward(Tensor tokens, @Nullable Tensor segments, @Nullable Tensor padding) {
    Tensor h = bert.encode(tokens, segments, padding, false).y(); // [N, T, E]
    Tensor first = h.slice(1, 0, 1).reshape(h.dim(0), h.dim(2)); // [N, E]
    return classifier.forward(dropout.forward(pooler.forward(first).tanh()));
  }
}
