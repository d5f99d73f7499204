package dev.harpia.models.rnn;

import dev.harpia.nn.Embedding;
import dev.harpia.nn.LSTM;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Linear;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A recurrent language model, as in the music lab: embedding, LSTM, and a linear layer that scores
 * each next token.
 *
 * <p>Shapes: tokens [N, T] (I32), logits [N, T, V], state [1, N, H].
 */
public final class CharRnn extends Layer {
  private final int vocabulary;
  private final Embedding embedding;
  private final LSTM lstm;
  private final Linear fc;

  /** Logits, and the state from which the sequence goes on. */
  public record Output(Tensor logits, LSTM.State state) {}

  /** A model for V tokens; the lab's has an embedding of 256 and 1024 hidden features. */
  public CharRnn(int vocabulary, int width, int hidden) {
    this.vocabulary = vocabulary;
    embedding = layer("embedding", new Embedding(vocabulary, width)); // [N, T, width]
    lstm = layer("lstm", new LSTM(width, hidden)); // [N, T, H]
    fc = layer("fc", new Linear(hidden, vocabulary)); // [N, T, V]
  }

  /** The number of tokens, V. */
  public int vocabulary() {
    return vocabulary;
  }

  @Override
  public Tensor forward(Tensor tokens) {
    return forward(tokens, null).logits();
  }

  /** Goes on from a state; null starts from zeros. */
  public Output forward(Tensor tokens, LSTM.@Nullable State state) {
    if (tokens.rank() != 2) {
      throw new ShapeException("charRnn", "tokens must be [N, T]", tokens.shape());
    }
    LSTM.Output y = lstm.forward(embedding.forward(tokens), state);
    return new Output(fc.forward(y.y()), y.state());
  }
}
