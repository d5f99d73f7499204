package dev.harpia.nn.optim;

/**
 * One cycle of the rate (OneCycleLR; Smith, Topin 2018): up from {@code max/25} to {@code max},
 * then down to {@code max/25/10⁴} at the last step, where it stays; by half cosines. {@link
 * #momentum} is the momentum that goes with it: down while the rate rises, then up.
 *
 * <pre>{@code
 * OneCycle rate = OneCycle.of(0.1, steps);
 * Optimizer sgd = new SGD(model.parameters(), rate).momentum(rate.momentum(0.85, 0.95));
 * }</pre>
 *
 * @param max the greatest rate
 * @param steps how many there are
 * @param rise the share of the steps in which the rate rises
 * @param divisor of {@code max}, for the first rate
 * @param lastDivisor of the first rate, for the last
 * @param linear by straight lines instead of cosines
 * @param threePhases down to the first rate as fast as it rose, then on to the last
 */
public record OneCycle(
    double max,
    long steps,
    double rise,
    double divisor,
    double lastDivisor,
    boolean linear,
    boolean threePhases)
    implements Schedule {

  public OneCycle {
    Schedules.rate(max);
    Schedules.atLeast("one cycle: steps", steps, 2);
    if (!(rise > 0 && rise < 1) || !(divisor > 0) || !(lastDivisor > 0)) {
      throw new IllegalArgumentException(
          "one cycle: rise "
              + rise
              + " must be between 0 and 1, the divisors "
              + divisor
              + " and "
              + lastDivisor
              + " positive");
    }
  }

  /** 30 % of the steps up; cosines. */
  public static OneCycle of(double max, long steps) {
    return new OneCycle(max, steps, 0.3, 25, 1e4, false, false);
  }

  /** With another share of the steps up. */
  public OneCycle rise(double share) {
    return new OneCycle(max, steps, share, divisor, lastDivisor, linear, threePhases);
  }

  /** By straight lines. */
  public OneCycle byLines() {
    return new OneCycle(max, steps, rise, divisor, lastDivisor, true, threePhases);
  }

  /** In three phases. */
  public OneCycle inThreePhases() {
    return new OneCycle(max, steps, rise, divisor, lastDivisor, linear, true);
  }

  @Override
  public double at(long step) {
    double start = max / divisor;
    return phases(step, start, max, start, start / lastDivisor);
  }

  /** From {@code most} to {@code least} while the rate rises, then back. */
  public Schedule momentum(double least, double most) {
    return step -> phases(step, most, least, most, most);
  }

  /** From a to b while the rate rises; then, in three phases, to c as fast; to d at the end. */
  private double phases(long step, double a, double b, double c, double d) {
    double top = rise * steps - 1;
    double last = steps - 1;
    double k = Math.min(step, last);
    if (k <= top) {
      return between(a, b, k / top);
    } else if (!threePhases) {
      return between(b, d, (k - top) / (last - top));
    }
    double level = 2 * rise * steps - 2;
    return k <= level
        ? between(b, c, (k - top) / (level - top))
        : between(c, d, (k - level) / (last - level));
  }

  private double between(double from, double to, double at) {
    return linear ? from + (to - from) * at : Schedules.cosine(from, to, at);
  }
}
