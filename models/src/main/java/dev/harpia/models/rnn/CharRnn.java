package dev.harpia.models.rnn;

import dev.harpia.nn.Embedding;
import dev.harpia.nn.GRU;
import dev.harpia.nn.LSTM;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Linear;
import dev.harpia.nn.RNN;
import dev.harpia.nn.RecurrentLayer;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A recurrent language model, as in the music lab: embedding, recurrent layer, and a linear layer
 * that scores each next token.
 *
 * <p>Shapes: tokens [N, T] (I32), logits [N, T, V], state [1, N, H].
 */
public final class CharRnn extends Layer {
  /** The kinds of recurrent layers. */
  public enum Cell {
    /** Long short-term memory: the lab's. */
    LSTM,
    /** Gated recurrent units. */
    GRU,
    /** The plain recurrence h' = tanh(W·x + U·h + b). */
    RNN;

    /** The layer's name in checkpoints, and in options. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What the past comes to.
   *
   * @param h the recurrent layer's output
   * @param c an LSTM's cell; of the other kinds h once more
   */
  public record State(Tensor h, Tensor c) {}

  /** Logits, and the state from which the sequence goes on. */
  public record Output(Tensor logits, State state) {}

  private final int vocabulary;
  private final Embedding embedding;
  private final RecurrentLayer recurrent;
  private final Linear fc;

  /** An LSTM for V tokens; the lab's has an embedding of 256 and 1024 hidden features. */
  public CharRnn(int vocabulary, int width, int hidden) {
    this(Cell.LSTM, vocabulary, width, hidden);
  }

  /** A model of one kind for V tokens. */
  public CharRnn(Cell cell, int vocabulary, int width, int hidden) {
    this.vocabulary = vocabulary;
    embedding = layer("embedding", new Embedding(vocabulary, width)); // [N, T, width]
    recurrent =
        layer(
            cell.label(), // [N, T, H]
            switch (cell) {
              case LSTM -> new LSTM(width, hidden);
              case GRU -> new GRU(width, hidden);
              case RNN -> new RNN(width, hidden);
            });
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
  public Output forward(Tensor tokens, @Nullable State state) {
    if (tokens.rank() != 2) {
      throw new ShapeException("charRnn", "tokens must be [N, T]", tokens.shape());
    }
    Tensor x = embedding.forward(tokens);
    return switch (recurrent) {
      case LSTM lstm -> {
        LSTM.State from = state == null ? null : new LSTM.State(state.h(), state.c());
        LSTM.Output y = lstm.forward(x, from);
        yield new Output(fc.forward(y.y()), new State(y.state().h(), y.state().c()));
      }
      case GRU gru -> {
        GRU.Output y = gru.forward(x, state == null ? null : state.h());
        yield new Output(fc.forward(y.y()), new State(y.state(), y.state()));
      }
      case RNN rnn -> {
        RNN.Output y = rnn.forward(x, state == null ? null : state.h());
        yield new Output(fc.forward(y.y()), new State(y.state(), y.state()));
      }
    };
  }
}
