package dev.harpia.nn;

import dev.harpia.simd.RecurrentCell;
import dev.harpia.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** One step of an {@link LSTM}. Shapes: x [N, in], h and c [N, H]. */
public final class LSTMCell extends RecurrentCellLayer {
  /** A cell with biases. */
  public LSTMCell(int input, int hidden) {
    super(RecurrentCell.LSTM, input, hidden);
  }

  /** The next state; null starts from zeros. */
  public LSTM.State forward(Tensor x, LSTM.@Nullable State state) {
    Tensor[] out = step(x, state == null ? null : state.h(), state == null ? null : state.c());
    return new LSTM.State(out[0], out[1]);
  }
}
