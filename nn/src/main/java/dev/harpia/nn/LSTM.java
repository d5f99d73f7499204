package dev.harpia.nn;

import dev.harpia.simd.RecurrentCell;
import dev.harpia.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Long short-term memory (Hochreiter, Schmidhuber 1997): {@code i, f, o = σ(W·x + b + U·h + b'), g
 * = tanh(…); c' = f·c + i·g; h' = o·tanh c'}.
 *
 * <p>Shapes: x [N, T, in] (or [T, N, in]), y [N, T, D·S]; states h [L·D, N, S] and c [L·D, N, H],
 * with D directions, L layers and S = H, or the projection's size.
 *
 * <p>Starts: everything uniform with bound 1/√H.
 */
public final class LSTM extends RecurrentLayer {
  /** The recurrent state: output h and cell c. */
  public record State(Tensor h, Tensor c) {}

  /** What a run returns: the outputs of all steps, and the state after the last. */
  public record Output(Tensor y, State state) {}

  /** One layer, one direction, the batch first. */
  public LSTM(int input, int hidden) {
    this(Config.of(input, hidden));
  }

  /** Any form. */
  public LSTM(Config config) {
    super(RecurrentCell.LSTM, config);
  }

  /** Runs from a state; null starts from zeros. */
  public Output forward(Tensor x, @Nullable State state) {
    return forward(x, state, null);
  }

  /**
   * Runs sequences of different lengths [N] (I32): outputs past a sequence's end are zero, its
   * state is the one at its end.
   */
  public Output forward(Tensor x, @Nullable State state, @Nullable Tensor lengths) {
    Tensor[] out =
        run(x, state == null ? null : state.h(), state == null ? null : state.c(), lengths);
    return new Output(out[0], new State(out[1], out[2]));
  }
}
