package dev.harpia.nn.train;

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

  /** Remembers what {@link #state} gave. */
  default void restore(Map<String, String> state) {}

  /** The name of its state in checkpoints; several callbacks of one kind are numbered. */
  default String key() {
    return getClass().getSimpleName();
  }
}
