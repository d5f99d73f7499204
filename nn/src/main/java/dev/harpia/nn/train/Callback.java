package dev.harpia.nn.train;

import dev.harpia.tensor.Tensor;
import java.util.Map;

/**
 * Told of what happens in a training run, on the thread that trains. An exception ends the run.
 *
 * <p>A callback that remembers something which matters when a run goes on from a checkpoint gives
 * it as {@link #state}, under a {@link #key} of its own.
 */
@FunctionalInterface
public interface Callback {
  /** Something happened. */
  void on(Event event, Training training);

  /** What it remembers, for checkpoints. */
  default Map<String, String> state() {
    return Map.of();
  }

  /** The tensors that it remembers, for checkpoints. */
  default Map<String, Tensor> tensors() {
    return Map.of();
  }

  /** Remembers what {@link #state} and {@link #tensors} gave. */
  default void restore(Map<String, String> state, Map<String, Tensor> tensors) {}

  /**
   * The name of its state in checkpoints; several callbacks of one name are told apart by order.
   */
  default String key() {
    return getClass().getSimpleName();
  }
}
