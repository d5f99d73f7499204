package dev.harpia.models.rl;

/** Holds rewards within bounds, so that one learning rate suits games of different scores. */
public final class RewardClip<A> extends Wrapper<A> {
  private final double low;
  private final double high;

  /** Rewards within [low, high]. */
  public RewardClip(Environment<A> inner, double low, double high) {
    super(inner);
    if (!(low <= high)) {
      throw new IllegalArgumentException(
          "reward clip: from " + low + " to " + high + ": the bounds are the wrong way round");
    }
    this.low = low;
    this.high = high;
  }

  @Override
  public Step step(A action) {
    Step s = inner.step(action);
    return new Step(
        s.observation(),
        Math.clamp(s.reward(), low, high),
        s.terminated(),
        s.truncated(),
        s.info());
  }
}
