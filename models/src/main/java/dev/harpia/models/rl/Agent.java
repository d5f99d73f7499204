package dev.harpia.models.rl;

/**
 * Chooses actions as well as it can, without exploring.
 *
 * @param <A> an action
 */
@FunctionalInterface
public interface Agent<A> {
  /** The action for an observation. */
  A act(float[] observation);
}
