package dev.harpia.models.rl;

import java.util.Locale;

/** What moves the prices of a simulated market. */
public enum Regime {
  /** They return to a slowly wandering value. */
  MEAN_REVERTING,
  /** They go on as they went. */
  TRENDING,
  /** Now the one, now the other. */
  MIXED,
  /** Nothing that could be known. */
  RANDOM;

  /** As it is typed. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
