package dev.harpia.models.transformer;

/**
 * How fast rotary positions turn (Su et al. 2021): pair p of a head's D features turns by f(p) at
 * each position, where f(p) = base^(−2p/D), slowed down where a model is to see more positions than
 * it was first trained on.
 */
public record Rope(double base, Scaling scaling) {
  /** Angles for contexts longer than those of the first training. */
  public sealed interface Scaling permits None, Stretch, Llama3 {}

  /** f(p) as it is. */
  public record None() implements Scaling {}

  /** All positions closer together: f(p)/factor (Chen et al. 2023). */
  public record Stretch(double factor) implements Scaling {}

  /**
   * Llama 3.1's: pairs whose wave is longer than {@code original/low} positions turn {@code factor}
   * times slower, those with waves shorter than {@code original/high} as they did, those between in
   * proportion.
   */
  public record Llama3(double factor, double low, double high, int original) implements Scaling {}

  /** Base 10000, as it is. */
  public static final Rope PLAIN = new Rope(10000, new None());

  /** Checks the numbers. */
  public Rope {
    boolean fits =
        base > 0
            && switch (scaling) {
              case None n -> true;
              case Stretch s -> s.factor > 0;
              case Llama3 s -> s.factor > 0 && s.low > 0 && s.high > s.low && s.original > 0;
            };
    if (!fits || Double.isInfinite(base)) {
      throw new IllegalArgumentException(
          "rope: base %s, %s: base and factors must be positive, the high factor above the low one"
              .formatted(base, scaling));
    }
  }

  /** f(p) for each pair of a head of D features, in radians per position. */
  public double[] frequencies(int features) {
    double[] f = new double[features / 2];
    for (int p = 0; p < f.length; p++) {
      f[p] = scaled(StrictMath.pow(base, -2.0 * p / features));
    }
    return f;
  }

  private double scaled(double f) {
    return switch (scaling) {
      case None n -> f;
      case Stretch s -> f / s.factor;
      case Llama3 s -> {
        double turns = s.original * f / (2 * Math.PI); // in the original context
        double kept = Math.clamp((turns - s.low) / (s.high - s.low), 0.0, 1.0);
        yield f * (kept + (1 - kept) / s.factor);
      }
    };
  }
}
