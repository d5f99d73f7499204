package dev.harpia.simd;

/**
 * The inner kernel of forward and data gradient: a tile of channels × vectors, accumulated over all
 * taps in registers, {@code C[i][j] = Σ_t A[t][i] · B[table[t] + j·bstep]}.
 */
interface ConvTile {
  /**
   * Computes one tile.
   *
   * @param a packed weights [k][mr]
   * @param b address of the tile's first vector
   * @param bstep bytes between the tile's vectors in B
   * @param table k offsets in bytes (32-bit, not negative), one per channel and tap
   * @param c address of the tile's first vector in C
   * @param cstep bytes between the tile's vectors in C
   * @param ldc bytes between the tile's channels in C
   */
  void run(long a, long b, long bstep, long table, int k, long c, long cstep, long ldc);
}
