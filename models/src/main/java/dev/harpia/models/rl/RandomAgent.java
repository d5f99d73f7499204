package dev.harpia.models.rl;

import dev.harpia.tensor.Rng;

/**
 * Acts at random: what any other agent must beat.
 *
 * @param <A> an action
 */
record RandomAgent<A>(Space<A> actions, Rng rng) implements Agent<A> {
  @Override
  public A act(float[] observation) {
    return actions.sample(rng);
  }
}
