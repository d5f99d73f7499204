package dev.harpia.nn;

import dev.harpia.simd.RecurrentCell;
import dev.harpia.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** One step of a gated recurrent unit; see {@link GRU}. Shapes: x [N, in], h [N, H]. */
public final class GRUCell extends RecurrentCellLayer {
  /** A cell with biases. */
  public GRUCell(int input, int hidden) {
    super(RecurrentCell.GRU, input, hidden);
  }

  /** The next state; null starts from zeros. */
  public Tensor forward(Tensor x, @Nullable Tensor h) {
    return step(x, h, null)[0];
  }
}
