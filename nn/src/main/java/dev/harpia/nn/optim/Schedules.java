package dev.harpia.nn.optim;

import java.util.function.LongToDoubleFunction;

/** Checks and formulas that schedules share. */
final class Schedules {
  private Schedules() {}

  static void rate(double rate) {
    if (!(rate >= 0) || Double.isInfinite(rate)) {
      throw new IllegalArgumentException(
          "learning rate " + rate + ": must be a number of at least 0");
    }
  }

  static void atLeast(String what, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(what + " " + value + ": must be at least " + least);
    }
  }

  /** From {@code from} at 0 to {@code to} at 1 by half a cosine. */
  static double cosine(double from, double to, double at) {
    return to + (from - to) * (1 + Math.cos(Math.PI * at)) / 2;
  }

  /** A running product, kept so that each further step costs one factor. */
  static final class Product implements Schedule {
    private final double rate;
    private final LongToDoubleFunction factor;
    private long known;
    private double product;

    Product(double rate, LongToDoubleFunction factor) {
      this.rate = rate;
      this.factor = factor;
      this.product = rate;
    }

    @Override
    public synchronized double at(long step) {
      if (step < known) {
        known = 0;
        product = rate;
      }
      while (known < step) {
        product *= factor.applyAsDouble(++known);
      }
      return product;
    }
  }
}
