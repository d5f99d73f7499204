package dev.harpia.simd;

/**
 * Coefficients for the exponential (KERNELS: e^x = 2^n · p(r)) shared by kernels that write it out.
 *
 * <p>{@code t = x·log2(e) + 1.5·2²³} rounds to an integer n in t's low bits; {@code r = x − n·ln 2}
 * in two steps; p is a minimax polynomial of degree 6 on |r| ≤ ln 2 / 2.
 */
final class Series {
  static final float LOG2E = 1.44269504f;
  static final float ROUND = 12582912f;
  static final float LN2_HIGH = -0.693359375f;
  static final float LN2_LOW = 2.12194440e-4f;

  /** Below this e^x is not a normal number any more. */
  static final float EXP_MIN = -87.33654f;

  static final float EXP_MAX = 88f;
  static final float E2 = 0.499999934f;
  static final float E3 = 0.166665204f;
  static final float E4 = 0.0416683908f;
  static final float E5 = 0.00836874512f;
  static final float E6 = 0.001381454f;

  /** From here on tanh is 1 in single precision. */
  static final float TANH_MAX = 9.5f;

  // expm1(r)/r, for tanh = e / (e + 2) with e = expm1(2|x|).
  static final float M2 = 0.500000006f;
  static final float M3 = 0.166665428f;
  static final float M4 = 0.0416662814f;
  static final float M5 = 0.00836661061f;
  static final float M6 = 0.00139464969f;

  private Series() {}
}
