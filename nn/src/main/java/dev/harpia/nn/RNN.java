package dev.harpia.nn;

import dev.harpia.simd.RecurrentCell;
import dev.harpia.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A plain recurrent network (Elman 1990): {@code h' = tanh(W·x + b + U·h + b')}, or ReLU in place
 * of tanh.
 *
 * <p>Shapes: x [N, T, in] (or [T, N, in]), y [N, T, D·H], state h [L·D, N, H], with D directions
 * and L layers.
 *
 * <p>Starts: everything uniform with bound 1/√H.
 */
public final class RNN extends RecurrentLayer {
  /** What a run returns: the outputs of all steps, and the state after the last. */
  public record Output(Tensor y, Tensor state) {}

  /** One layer, one direction, tanh, the batch first. */
  public RNN(int input, int hidden) {
    this(Config.of(input, hidden), false);
  }

  /** Any form. */
  public RNN(Config config, boolean relu) {
    super(relu ? RecurrentCell.RNN_RELU : RecurrentCell.RNN_TANH, config);
  }

  /** Runs from a state; null starts from zeros. */
  public Output forward(Tensor x, @Nullable Tensor state) {
    Tensor[] out = run(x, state, null, null);
    return new Output(out[0], out[1]);
  }
}
