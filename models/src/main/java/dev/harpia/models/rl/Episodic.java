package dev.harpia.models.rl;

import dev.harpia.tensor.Rng;
import java.util.Map;

/**
 * What environments share: the random stream, and the rule that an episode is begun before it is
 * acted in and not acted in after its end.
 */
abstract class Episodic<A> implements Environment<A> {
  private enum Phase {
    NEW,
    RUNNING,
    OVER
  }

  private Rng rng = new Rng(0);
  private Phase phase = Phase.NEW;

  /** Draws a first state and returns its observation. */
  abstract float[] begin(Rng rng);

  /** Advances by one action, which is of the action space. */
  abstract Step advance(A action, Rng rng);

  @Override
  public final float[] reset(long seed) {
    rng = new Rng(seed);
    return reset();
  }

  @Override
  public final float[] reset() {
    float[] observation = begin(rng);
    phase = Phase.RUNNING;
    return observation;
  }

  @Override
  public final Step step(A action) {
    A valid = valid(action);
    if (phase != Phase.RUNNING) {
      throw new IllegalStateException(
          name()
              + ": step: "
              + (phase == Phase.NEW ? "no episode has begun" : "the episode is over")
              + "; call reset() first");
    }
    Step step = advance(valid, rng);
    if (step.done()) {
      phase = Phase.OVER;
    }
    return step;
  }

  private A valid(A action) {
    if (action instanceof float[] x && actionSpace() instanceof Space.Box box) {
      boolean number = x.length == box.size();
      for (int i = 0; number && i < x.length; i++) {
        number = !Float.isNaN(x[i]);
      }
      if (!number) {
        throw new IllegalArgumentException(
            name()
                + ": step: action "
                + java.util.Arrays.toString(x)
                + ": must be "
                + box.size()
                + " number(s)");
      }
    } else if (!actionSpace().contains(action)) {
      throw new IllegalArgumentException(
          name() + ": step: action " + action + ": must be of " + actionSpace());
    }
    return action;
  }

  /** The name in messages. */
  String name() {
    return getClass().getSimpleName();
  }

  static Step step(float[] observation, double reward, boolean terminated) {
    return new Step(observation, reward, terminated, false, Map.of());
  }

  /** Puts a state in place of the present one and starts an episode there. */
  final void start() {
    phase = Phase.RUNNING;
  }
}
