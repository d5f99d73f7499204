package dev.harpia.models.rl;

/**
 * Sine and cosine with the bits that NumPy 1.24 gives on AVX-512: the arithmetic that recorded
 * trajectories of Gymnasium were made with.
 *
 * <p>It matters to the last bit: a pole that is held upright open-loop multiplies a deviation by
 * about 1.07 per step, so the 10⁻¹⁶ by which two good cosines differ is 10⁻⁶ after 320 steps and a
 * fallen pole after 500. {@link Math#sin} may moreover differ between machines; this does not.
 *
 * <p>Both bring the angle to r within ±π/2 of the nearest multiple of π (of the nearest odd
 * multiple of π/2 for the cosine), with π in three parts (Cody and Waite 1980), and evaluate a
 * polynomial of degree 15. Within 4 units in the last place for |x| &lt; 2²⁴; beyond, {@link
 * StrictMath}.
 *
 * <p>Source of the order of operations and of the coefficients: Intel's SVML as distributed with
 * NumPy.
 */
final class Trigonometry {
  private static final double LARGEST = 0x1p24;
  private static final double SMALLEST = 0x1p-27; // its cosine is 1
  private static final double ROUNDER = 0x1.8p52; // x + ROUNDER has no fraction
  private static final double INVERSE_PI = 0x1.45f306dc9c883p-2;
  private static final double PI_HIGH = 0x1.921fb54442d18p1;
  private static final double PI_MIDDLE = 0x1.1a62633145c06p-53;
  private static final double PI_LOW = 0x1.c1cd129024e09p-106;

  private Trigonometry() {}

  static double sin(double x) {
    if (!(Math.abs(x) < LARGEST)) {
      return StrictMath.sin(x);
    }
    double rounded = Math.fma(x, INVERSE_PI, ROUNDER);
    double n = rounded - ROUNDER;
    double near = Math.fma(-n, PI_MIDDLE, Math.fma(-n, PI_HIGH, x));
    double r = Math.fma(-n, PI_LOW, near);
    double r2 = near * near;
    double p = Math.fma(r2, -0x1.9f1517e9f65f0p-41, 0x1.60e6bee01d83ep-33);
    p = Math.fma(p, r2, -0x1.ae6355aaa4a53p-26);
    p = Math.fma(p, r2, 0x1.71de3806add1ap-19);
    p = Math.fma(p, r2, -0x1.a01a019a659ddp-13);
    p = Math.fma(p, r2, 0x1.111111110a573p-7);
    p = Math.fma(p, r2, -0x1.55555555554a8p-3);
    double y = Math.fma(p, r2 * r, r);
    return odd(rounded) ? -y : y;
  }

  static double cos(double x) {
    double a = Math.abs(x);
    if (a < SMALLEST) {
      return 1;
    }
    if (!(a < LARGEST)) {
      return StrictMath.cos(x);
    }
    double turns = Math.floor(a * INVERSE_PI);
    double n = turns + 0.5;
    double near = Math.fma(n, PI_MIDDLE, Math.fma(n, PI_HIGH, -a));
    double r = Math.fma(n, PI_LOW, near);
    r = odd(turns + ROUNDER) ? -r : r;
    double r2 = near * near;
    double p = Math.fma(r2, -0x1.9f0d60811aac8p-41, 0x1.60e6857a2f220p-33);
    p = Math.fma(p, r2, -0x1.ae63546002231p-26);
    p = Math.fma(p, r2, 0x1.71de38030fea0p-19);
    p = Math.fma(p, r2, -0x1.a01a019a5b87bp-13);
    p = Math.fma(p, r2, 0x1.111111110a4a8p-7);
    p = Math.fma(p, r2, -0x1.55555555554a7p-3);
    return Math.fma(p, r * r2, r);
  }

  /** Whether the whole number that {@link #ROUNDER} was added to is odd: its last bit. */
  private static boolean odd(double rounded) {
    return (Double.doubleToRawLongBits(rounded) & 1) != 0;
  }
}
