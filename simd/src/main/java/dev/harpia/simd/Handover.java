package dev.harpia.simd;

/**
 * At which shapes a native library is ahead of our kernels, as measured against OpenBLAS 0.3.31
 * with its AVX-512 kernels: {@code harpia bench gemm} shows both beside what is chosen.
 *
 * <p>Ours waste lanes beyond the last whole vector of a row, which OpenBLAS's kernels for small
 * matrices hardly do, and have to turn a transposed B round. A call of the library costs some 40
 * ns. From about 100³ on those kernels of OpenBLAS end, and ours are ahead.
 */
final class Handover {
  private static final int LARGEST = 1_000_000;

  /** Products of a matrix and a vector: what fits a third-level cache. */
  private static final int LARGEST_VECTOR = 1 << 22;

  private static final int LANES = 16;

  private Handover() {}

  static boolean pays(boolean ta, boolean tb, int m, int n, int k) {
    long size = (long) m * n * k;
    if (m == 1 || n == 1) {
      // sums along rows of the matrix, or very few results; whole rows are added as fast here
      boolean sums = m == 1 ? tb : !ta;
      return k > 1
          && ((sums && size >= 1 << 9 && size <= LARGEST_VECTOR) || (m == 1 && !tb && n <= 4));
    }
    if (size <= 1 << 9 || size > LARGEST) {
      return false;
    }
    int rest = n % LANES;
    int waste = rest == 0 ? 0 : LANES - rest;
    boolean ragged = n > 4 * LANES && 12 * waste > n;
    if (tb) {
      return ta
          || m < LANES
          || n < LANES
          || (m < 2 * LANES && n < 4 * LANES && k >= 2 * LANES)
          || (ragged && k >= 8 * LANES);
    }
    if (n < LANES) {
      return m >= (ta ? n <= 4 ? 8 : 32 : Math.max(4, n));
    }
    return ragged
        || (waste > LANES / 2 && (m >= 2 * LANES || n > 2 * LANES))
        || (k < LANES && n >= 4 * LANES);
  }
}
