package dev.harpia.simd;

/**
 * The inner kernel of the weight gradient: mr × nr dot products over the same run of vectors,
 * {@code out[i][j] = Σ_p G[i][p] · X[taps[j] + pixels[p]]}, left as one vector of partial sums
 * each.
 */
interface ConvWeightTile {
  /**
   * Computes one tile.
   *
   * @param g first channel's gradients: n vectors in a row
   * @param ldg bytes between channels of g
   * @param x address that the offsets refer to
   * @param taps nr offsets in bytes (32-bit, not negative)
   * @param pixels n offsets in bytes (32-bit, not negative)
   * @param out mr·nr vectors
   */
  void run(long g, long ldg, long x, long taps, long pixels, int n, long out);
}
