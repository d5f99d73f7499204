package dev.harpia.nn.optim;

import java.util.function.LongToDoubleFunction;

/**
 * A learning rate, or another number, as a function of the number of steps taken so far: 0 for the
 * first step. Any lambda is one; those below are PyTorch's {@code lr_scheduler}s, with k the step.
 * A schedule counts optimizer steps; to count epochs, give it multiples: {@code step -> s.at(step /
 * stepsPerEpoch)}.
 *
 * <p>They compose: {@link #times} multiplies, {@link #then} changes over.
 *
 * <pre>{@code
 * Schedule rate = Schedule.linear(1e-3, 0.1, 1, 100).then(100, Schedule.annealing(1e-3, 0, 9900));
 * }</pre>
 */
@FunctionalInterface
public interface Schedule {
  /** The rate of step {@code step}. */
  double at(long step);

  // ---- combinations

  /** The product of two schedules, as PyTorch's when several are stepped one after the other. */
  default Schedule times(Schedule factor) {
    return step -> at(step) * factor.at(step);
  }

  /** This schedule before step {@code milestone}, then {@code next} from its own step 0 on. */
  default Schedule then(long milestone, Schedule next) {
    Schedules.atLeast("then: milestone", milestone, 0);
    return step -> step < milestone ? at(step) : next.at(step - milestone);
  }

  // ---- schedules

  /** Always the same rate. */
  static Schedule constant(double rate) {
    Schedules.rate(rate);
    return step -> rate;
  }

  /** {@code rate·factor} for {@code steps} steps, then {@code rate} (ConstantLR). */
  static Schedule constant(double rate, double factor, long steps) {
    Schedules.rate(rate);
    return step -> step < steps ? rate * factor : rate;
  }

  /** {@code rate·(from + (to − from)·min(k, steps)/steps)} (LinearLR). */
  static Schedule linear(double rate, double from, double to, long steps) {
    Schedules.rate(rate);
    Schedules.atLeast("linear: steps", steps, 1);
    return step -> rate * (from + (to - from) * Math.min(step, steps) / steps);
  }

  /** {@code rate·γ^⌊k/every⌋} (StepLR). */
  static Schedule step(double rate, long every, double gamma) {
    Schedules.rate(rate);
    Schedules.atLeast("step: every", every, 1);
    return step -> rate * Math.pow(gamma, (double) (step / every));
  }

  /** {@code rate·γⁿ} after n of the milestones (MultiStepLR). */
  static Schedule multiStep(double rate, double gamma, long... milestones) {
    Schedules.rate(rate);
    long[] all = milestones.clone();
    return step -> {
      int passed = 0;
      for (long m : all) {
        passed += step >= m ? 1 : 0;
      }
      return rate * Math.pow(gamma, passed);
    };
  }

  /** {@code rate·γᵏ} (ExponentialLR). */
  static Schedule exponential(double rate, double gamma) {
    Schedules.rate(rate);
    return step -> rate * Math.pow(gamma, (double) step);
  }

  /** {@code rate·(1 − min(k, steps)/steps)^power} (PolynomialLR). */
  static Schedule polynomial(double rate, long steps, double power) {
    Schedules.rate(rate);
    Schedules.atLeast("polynomial: steps", steps, 1);
    return step -> rate * Math.pow(1 - Math.min(step, steps) / (double) steps, power);
  }

  /** {@code rate·f(1)·…·f(k)} (MultiplicativeLR). */
  static Schedule multiplicative(double rate, LongToDoubleFunction factor) {
    Schedules.rate(rate);
    return new Schedules.Product(rate, factor);
  }

  /**
   * A linear rise over {@code warmup} steps, then half a cosine down to 0 at step {@code total}.
   */
  static Schedule cosine(double rate, long warmup, long total) {
    Schedules.rate(rate);
    long down = Math.max(1, total - warmup);
    return step ->
        step < warmup
            ? rate * (step + 1) / warmup
            : Schedules.cosine(rate, 0, Math.min(1, (step - warmup) / (double) down));
  }

  /**
   * {@code least + ½(rate − least)(1 + cos(πk/period))}; it rises again after {@code period} steps
   * (CosineAnnealingLR; Loshchilov, Hutter 2017).
   */
  static Schedule annealing(double rate, double least, long period) {
    Schedules.rate(rate);
    Schedules.atLeast("annealing: period", period, 1);
    return step -> Schedules.cosine(rate, least, step % (2 * period) / (double) period);
  }

  /**
   * Half cosines from {@code rate} to {@code least}, the first over {@code period} steps, each
   * {@code factor} times as long as the one before (CosineAnnealingWarmRestarts; Loshchilov, Hutter
   * 2017).
   */
  static Schedule warmRestarts(double rate, double least, long period, int factor) {
    Schedules.rate(rate);
    Schedules.atLeast("warm restarts: period", period, 1);
    Schedules.atLeast("warm restarts: factor", factor, 1);
    return step -> {
      long length = period;
      long k = factor == 1 ? step % period : step;
      while (k >= length) {
        k -= length;
        length *= factor;
      }
      return Schedules.cosine(rate, least, k / (double) length);
    };
  }

  /**
   * From {@code base} to {@code max} in {@code up} steps, back in {@code down}, and again, by
   * straight lines (CyclicLR; Smith 2017). A momentum that falls while the rate rises is another
   * one, from its greatest value to its least.
   */
  static Schedule cyclic(double base, double max, long up, long down, Amplitude amplitude) {
    Schedules.atLeast("cyclic: up", up, 1);
    Schedules.atLeast("cyclic: down", down, 1);
    return step -> {
      long k = step % (up + down);
      double height = k <= up ? k / (double) up : (up + down - k) / (double) down;
      return base + (max - base) * height * amplitude.of(step / (up + down), step);
    };
  }

  /** How the swings of {@link #cyclic} change. */
  @FunctionalInterface
  interface Amplitude {
    /** All swings are equal (mode triangular). */
    Amplitude EQUAL = (cycle, step) -> 1;

    /** Each swing is half as high as the one before (mode triangular2). */
    Amplitude HALVING = (cycle, step) -> Math.scalb(1.0, (int) -Math.min(cycle, 2000));

    /** {@code γᵏ} (mode exp_range). */
    static Amplitude decaying(double gamma) {
      return (cycle, step) -> Math.pow(gamma, (double) step);
    }

    /** The share of the height, in swing {@code cycle}, at step {@code step}, both from 0. */
    double of(long cycle, long step);
  }
}
