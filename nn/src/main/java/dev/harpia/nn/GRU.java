package dev.harpia.nn;

import dev.harpia.simd.RecurrentCell;
import dev.harpia.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Gated recurrent unit (Cho et al. 2014), in PyTorch's form: {@code r, z = σ(W·x + b + U·h + b'); n
 * = tanh(W·x + b + r·(U·h + b')); h' = (1 − z)·n + z·h}.
 *
 * <p>Shapes: x [N, T, in] (or [T, N, in]), y [N, T, D·H], state h [L·D, N, H], with D directions
 * and L layers.
 *
 * <p>Starts: everything uniform with bound 1/√H.
 */
public final class GRU extends RecurrentLayer {
  /** What a run returns: the outputs of all steps, and the state after the last. */
  public record Output(Tensor y, Tensor state) {}

  /** One layer, one direction, the batch first. */
  public GRU(int input, int hidden) {
    this(Config.of(input, hidden));
  }

  /** Any form. */
  public GRU(Config config) {
    super(RecurrentCell.GRU, config);
  }

  /** Runs from a state; null starts from zeros. */
  public Output forward(Tensor x, @Nullable Tensor state) {
    return forward(x, state, null);
  }

  /**
   * Runs sequences of different lengths [N] (I32): outputs past a sequence's end are zero, its
   * state is the one at its end.
   */
  public Output forward(Tensor x, @Nullable Tensor state, @Nullable Tensor lengths) {
    Tensor[] out = run(x, state, null, lengths);
    return new Output(out[0], out[1]);
  }
}
