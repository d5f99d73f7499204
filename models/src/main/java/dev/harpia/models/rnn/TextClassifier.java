package dev.harpia.models.rnn;

import dev.harpia.nn.Embedding;
import dev.harpia.nn.LSTM;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Linear;
import dev.harpia.nn.RecurrentLayer;
import dev.harpia.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Sorts texts into classes: embedding, an LSTM that reads in both directions, and a linear layer
 * over both final states (Graves, Schmidhuber 2005).
 *
 * <p>Shapes: tokens [N, T] (I32), lengths [N] (I32), logits [N, K].
 */
public final class TextClassifier extends Layer {
  private final Embedding embedding;
  private final LSTM lstm;
  private final Linear fc;

  /** A model for V tokens and K classes, with so many hidden features in each direction. */
  public TextClassifier(int vocabulary, int classes, int width, int hidden) {
    embedding = layer("embedding", new Embedding(vocabulary, width)); // [N, T, width]
    lstm = layer("lstm", new LSTM(RecurrentLayer.Config.of(width, hidden).inBothDirections()));
    fc = layer("fc", new Linear(2 * hidden, classes)); // [N, K]
  }

  /** Texts that are all T tokens long. */
  @Override
  public Tensor forward(Tensor tokens) {
    return forward(tokens, null);
  }

  /** Texts of different lengths; what stands behind a text's end has no influence. */
  public Tensor forward(Tensor tokens, @Nullable Tensor lengths) {
    Tensor h = lstm.forward(embedding.forward(tokens), null, lengths).state().h(); // [2, N, H]
    return fc.forward(Tensor.concat(1, h.select(0, 0), h.select(0, 1)));
  }
}
