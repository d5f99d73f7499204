package dev.harpia.models.rl;

/** The probability of a random action as a function of the steps taken so far. */
@FunctionalInterface
public interface Exploration {
  /** The probability at step {@code step}. */
  double at(long step);

  /** From {@code first} along a line to {@code last} at step {@code steps}, then constant. */
  static Exploration linear(double first, double last, long steps) {
    check(first);
    check(last);
    return step -> step >= steps ? last : first + (last - first) * step / steps;
  }

  /** {@code first} · {@code decay}^step, but at least {@code last}. */
  static Exploration exponential(double first, double last, double decay) {
    check(first);
    check(last);
    check(decay);
    return step -> Math.max(last, first * Math.pow(decay, step));
  }

  private static void check(double p) {
    if (!(p >= 0 && p <= 1)) {
      throw new IllegalArgumentException("exploration: " + p + ": must be in [0, 1]");
    }
  }
}
