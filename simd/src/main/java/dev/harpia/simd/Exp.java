package dev.harpia.simd;

/**
 * Constants of the exponential that the row kernels write out in their loops: with t = x·log2(e) +
 * MAGIC the integer n nearest to x/ln 2 sits in t's low bits, r = x − n·ln 2 in two steps, and e^x
 * = 2^n·(1 + r + r²·(C2 + C3·r + … + C6·r⁴)). At most 0.98 ULP. Results below the smallest normal
 * number become zero.
 */
final class Exp {
  static final float LOG2E = 1.44269504f;

  /** 1.5·2^23: adding it rounds to an integer. */
  static final float MAGIC = 12582912f;

  static final float MINUS_LN2_HIGH = -0.693359375f;
  static final float MINUS_LN2_LOW = 2.12194440e-4f;
  static final float C2 = 0.499999934f;
  static final float C3 = 0.166665204f;
  static final float C4 = 0.0416683908f;
  static final float C5 = 0.00836874512f;
  static final float C6 = 0.001381454f;

  /** The bits of 1: added to n·2^23 they give 2^n. */
  static final int ONE = 0x3f800000;

  /** ln 2^−126. */
  static final float LOWEST = -87.33654f;

  private Exp() {}
}
