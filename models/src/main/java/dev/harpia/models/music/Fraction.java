package dev.harpia.models.music;

/** A length of time as a part of a whole note, in lowest terms with a positive denominator. */
public record Fraction(long top, long bottom) implements Comparable<Fraction> {
  /** Nothing. */
  public static final Fraction ZERO = new Fraction(0, 1);

  /** Reduces to lowest terms. */
  public Fraction {
    if (bottom == 0) {
      throw new IllegalArgumentException("fraction: " + top + "/0");
    }
    long d = gcd(Math.abs(top), Math.abs(bottom)) * Long.signum(bottom);
    top /= d;
    bottom /= d;
  }

  private static long gcd(long a, long b) {
    return b == 0 ? Math.max(1, a) : gcd(b, a % b);
  }

  /** {@code top/bottom}. */
  public static Fraction of(long top, long bottom) {
    return new Fraction(top, bottom);
  }

  /** The sum. */
  public Fraction plus(Fraction o) {
    long common = bottom / gcd(bottom, o.bottom) * o.bottom; // small where both are
    return new Fraction(
        Math.addExact(
            Math.multiplyExact(top, common / bottom), Math.multiplyExact(o.top, common / o.bottom)),
        common);
  }

  /** The product. */
  public Fraction times(Fraction o) {
    return new Fraction(Math.multiplyExact(top, o.top), Math.multiplyExact(bottom, o.bottom));
  }

  /** The product with {@code n/d}. */
  public Fraction times(long n, long d) {
    return times(new Fraction(n, d));
  }

  /** As a number. */
  public double value() {
    return (double) top / bottom;
  }

  /** In ticks, of which a whole note has so many; rounded. */
  public long ticks(int whole) {
    return Math.round(value() * whole);
  }

  @Override
  public int compareTo(Fraction o) {
    return Long.compare(Math.multiplyExact(top, o.bottom), Math.multiplyExact(o.top, bottom));
  }

  @Override
  public String toString() {
    return bottom == 1 ? Long.toString(top) : top + "/" + bottom;
  }
}
