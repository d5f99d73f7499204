package dev.harpia.simd;

/** Max and average pools over planes x [planes, H, W], y [planes, OH, OW], and their gradients. */
public final class Pooling {
  private Pooling() {}

  /**
   * y = the largest value of each window, NaN if it holds one; argmax = where it lies in its input
   * plane, as y·W + x (the first of equal values, 32-bit). A window without any pixel gives −∞ and
   * −1.
   */
  public static void max(PoolWindows windows, long x, long y, long argmax) {
    PoolTask.run(PoolTask.Kind.MAX, windows, x, y, argmax, true);
  }

  /**
   * The largest values without their places; of zeros of both signs, equal as they are, either may
   * be the result.
   */
  public static void max(PoolWindows windows, long x, long y) {
    PoolTask.run(PoolTask.Kind.MAX_VALUES, windows, x, y, 0, true);
  }

  /**
   * Adds each gradient to the element that {@code argmax} names; the rest of gx becomes 0 unless
   * {@code accumulate}.
   */
  public static void maxBackward(
      PoolWindows windows, long gy, long argmax, long gx, boolean accumulate) {
    PoolTask.run(PoolTask.Kind.MAX_BACKWARD, windows, gx, gy, argmax, accumulate);
  }

  /** y = the sum of each window over its divisor. */
  public static void average(PoolWindows windows, long x, long y) {
    PoolTask.run(PoolTask.Kind.AVERAGE, windows, x, y, 0, true);
  }

  /** Spreads each gradient over its window; gx is overwritten unless {@code accumulate}. */
  public static void averageBackward(PoolWindows windows, long gy, long gx, boolean accumulate) {
    PoolTask.run(PoolTask.Kind.AVERAGE_BACKWARD, windows, gx, gy, 0, accumulate);
  }
}
