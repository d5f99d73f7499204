package dev.harpia.nn;

import dev.harpia.simd.RecurrentCell;
import dev.harpia.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** One step of a plain recurrent network; see {@link RNN}. Shapes: x [N, in], h [N, H]. */
public final class RNNCell extends RecurrentCellLayer {
  /** A cell with biases. */
  public RNNCell(int input, int hidden) {
    super(RecurrentCell.RNN_TANH, input, hidden);
  }

  /** The next state; null starts from zeros. */
  public Tensor forward(Tensor x, @Nullable Tensor h) {
    return step(x, h, null)[0];
  }
}
