package dev.harpia.simd;

/**
 * The inner kernel of convolutions with output channels in the lanes: a tile of rows × columns of
 * pixels, each with some vectors of channels, {@code C[j][p] = bias[j] + Σ_t A[t][j] · B[table[t] +
 * row(p)·pitch + 4·step·column(p)]}.
 */
interface ChannelTile {
  /**
   * Computes one tile.
   *
   * @param a packed weights [k][nv], whole vectors
   * @param b address of the tile's first pixel
   * @param pitch bytes between rows of pixels in B
   * @param table k offsets in bytes (32-bit, not negative), one per channel and tap
   * @param bias nv vectors
   * @param c address of the tile's first pixel in C, a vector for each
   * @param cstep bytes between vectors of channels in C
   * @param ldc bytes between rows of pixels in C
   */
  void run(long a, long b, long pitch, long table, int k, long bias, long c, long cstep, long ldc);
}
