package dev.harpia.simd;

/** The inner loop of {@link Gemv}: products of a few rows with a few others. */
@FunctionalInterface
interface DotTile {
  /**
   * Stores r·q sums of k products, of row i of X and row j of W at place i·q + j: one after the
   * other where they fill whole vectors, else spread over the lanes of one vector. A negative k
   * does nothing, −k times.
   *
   * @param sx bytes between rows of X
   * @param sw bytes between rows of W
   */
  void run(long x, long sx, long w, long sw, int k, long to);
}
