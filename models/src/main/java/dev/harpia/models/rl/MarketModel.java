package dev.harpia.models.rl;

import dev.harpia.tensor.Rng;

/**
 * A simulated price: the logarithm moves by {@value #NOISE} a day at random, and by a little that
 * can be known.
 *
 * <p>Mean-reverting: it is drawn to a slowly wandering value v, Δp = {@value #PULL}·(v − p) +
 * noise. Trending: Δp = ±{@value #DRIFT} + noise, the sign turning once in {@value #PERSISTENCE}
 * days on average. Mixed: either, changing as rarely. Random: noise alone, where nobody can earn
 * anything.
 */
final class MarketModel {
  static final double NOISE = 0.01;
  private static final double PULL = 0.1;
  private static final double WANDER = 0.002;
  private static final double DRIFT = 0.004;
  private static final int PERSISTENCE = 60;

  private final Regime regime;
  private double price;
  private double value;
  private int direction = 1;
  private boolean trending;

  MarketModel(Regime regime) {
    this.regime = regime;
    trending = regime == Regime.TRENDING;
  }

  /** Starts at a logarithm of 0. */
  void begin(Rng rng) {
    price = 0;
    value = 0;
    direction = rng.below(2) == 0 ? 1 : -1;
    trending = regime == Regime.MIXED ? rng.below(2) == 0 : regime == Regime.TRENDING;
  }

  /** The logarithm of the next day's price. */
  double next(Rng rng) {
    double noise = NOISE * rng.normal();
    double wander = WANDER * rng.normal();
    boolean turn = rng.uniformDouble() < 1.0 / PERSISTENCE;
    boolean change = rng.uniformDouble() < 1.0 / PERSISTENCE;
    direction = turn ? -direction : direction;
    if (change && regime == Regime.MIXED) {
      trending = !trending;
      value = price;
    }
    value += wander;
    if (regime == Regime.RANDOM) {
      price += noise;
    } else if (trending) {
      price += DRIFT * direction + noise;
    } else {
      price += PULL * (value - price) + noise;
    }
    return price;
  }
}
