package dev.harpia.nn.optim;

/** A learning rate as a function of the number of steps taken so far: 0 for the first step. */
@FunctionalInterface
public interface Schedule {
  /** The rate of step {@code step}. */
  double at(long step);

  /** Always the same rate. */
  static Schedule constant(double rate) {
    if (!(rate >= 0) || Double.isInfinite(rate)) {
      throw new IllegalArgumentException(
          "learning rate " + rate + ": must be a number of at least 0");
    }
    return step -> rate;
  }

  /**
   * A linear rise over {@code warmup} steps, then half a cosine down to 0 at step {@code total}.
   */
  static Schedule cosine(double rate, long warmup, long total) {
    return step ->
        step < warmup
            ? rate * (step + 1) / warmup
            : rate
                * 0.5
                * (1
                    + Math.cos(
                        Math.PI
                            * Math.min(1, (step - warmup) / (double) Math.max(1, total - warmup))));
  }
}
