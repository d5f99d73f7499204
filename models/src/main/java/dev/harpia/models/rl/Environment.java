package dev.harpia.models.rl;

import dev.harpia.tensor.Rng;

/**
 * A world in which an agent acts, with Gymnasium's semantics.
 *
 * <pre>{@code
 * float[] observation = environment.reset(seed);
 * for (boolean done = false; !done; ) {
 *   Step step = environment.step(agent.act(observation));
 *   observation = step.observation();
 *   done = step.done();
 * }
 * }</pre>
 *
 * <p>An environment is used by one thread at a time. Observations are new arrays, the caller's to
 * keep.
 *
 * @param <A> an action: Integer for a {@link Space.Discrete} action space, float[] for a {@link
 *     Space.Box}
 */
public interface Environment<A> {
  /** Where observations come from; those of a discrete space are one number. */
  Space<?> observationSpace();

  /** The actions there are. */
  Space<A> actionSpace();

  /** Starts an episode, its randomness fixed by {@code seed}. */
  float[] reset(long seed);

  /** Starts an episode, going on with the randomness of the last one. */
  float[] reset();

  /**
   * Acts.
   *
   * @throws IllegalArgumentException if the action is not of the action space; components of a box
   *     that are too large are clipped, as Gymnasium's environments do
   * @throws IllegalStateException if no episode is under way
   */
  Step step(A action);

  /** The picture of the present state. */
  default Scene scene() {
    throw new UnsupportedOperationException(
        getClass().getSimpleName() + ": this environment cannot be drawn");
  }

  /** The number of floats in an observation. */
  default int observationSize() {
    return observationSpace() instanceof Space.Box box ? box.size() : 1;
  }

  /** An action at random. */
  default A sampleAction(Rng rng) {
    return actionSpace().sample(rng);
  }
}
