package dev.harpia.nn;

import dev.harpia.simd.RecurrentCell;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Recurrent;
import org.jspecify.annotations.Nullable;

/**
 * What {@link RNNCell}, {@link LSTMCell} and {@link GRUCell} share: one step, with weights under
 * PyTorch's names.
 */
public abstract sealed class RecurrentCellLayer extends Layer permits RNNCell, LSTMCell, GRUCell {
  private final RecurrentCell cell;
  private final int hidden;
  private final Tensor weightIh;
  private final Tensor weightHh;
  private final Tensor biasIh;
  private final Tensor biasHh;

  RecurrentCellLayer(RecurrentCell cell, int input, int hidden) {
    if (input < 1 || hidden < 1) {
      throw new IllegalArgumentException(
          kind() + ": " + input + " to " + hidden + ": must be positive");
    }
    this.cell = cell;
    this.hidden = hidden;
    int rows = cell.gates() * hidden;
    weightIh = parameter("weight_ih", Init.byFanIn(hidden, rows, input));
    weightHh = parameter("weight_hh", Init.byFanIn(hidden, rows, hidden));
    biasIh = parameter("bias_ih", Init.byFanIn(hidden, rows));
    biasHh = parameter("bias_hh", Init.byFanIn(hidden, rows));
  }

  /** h' and, for an LSTM, c'. Shapes: x [N, in], h and c [N, H]. */
  final Tensor[] step(Tensor x, @Nullable Tensor h, @Nullable Tensor c) {
    Recurrent op = new Recurrent(cell, hidden, 0, true, false, true, h != null, false);
    Tensor sequence = x.unsqueeze(1);
    Tensor[] out =
        h == null
            ? Tensor.applyAll(op, sequence, weightIh, weightHh, biasIh, biasHh)
            : c == null
                ? Tensor.applyAll(op, sequence, weightIh, weightHh, biasIh, biasHh, h)
                : Tensor.applyAll(op, sequence, weightIh, weightHh, biasIh, biasHh, h, c);
    return cell == RecurrentCell.LSTM ? new Tensor[] {out[1], out[2]} : new Tensor[] {out[1]};
  }

  /** One step from zeros. */
  @Override
  public Tensor forward(Tensor x) {
    return step(x, null, null)[0];
  }
}
