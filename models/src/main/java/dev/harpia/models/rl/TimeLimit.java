package dev.harpia.models.rl;

/** Cuts an episode off after a number of steps: truncated, not terminated. */
public final class TimeLimit<A> extends Wrapper<A> {
  private final int limit;
  private int steps;
  private boolean over;

  /** At most {@code limit} steps. */
  public TimeLimit(Environment<A> inner, int limit) {
    super(inner);
    if (limit < 1) {
      throw new IllegalArgumentException("time limit: " + limit + ": must be at least 1");
    }
    this.limit = limit;
  }

  @Override
  public float[] reset(long seed) {
    steps = 0;
    over = false;
    return inner.reset(seed);
  }

  @Override
  public float[] reset() {
    steps = 0;
    over = false;
    return inner.reset();
  }

  @Override
  public Step step(A action) {
    if (over) {
      throw new IllegalStateException(
          "time limit: step: the episode was cut off after "
              + limit
              + " steps; call reset() first");
    }
    Step s = inner.step(action);
    over = ++steps >= limit;
    return over ? new Step(s.observation(), s.reward(), s.terminated(), true, s.info()) : s;
  }
}
