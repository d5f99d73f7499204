package dev.harpia.simd;

/** The inner loop of {@link PackedRow}: a vector of results. */
interface RowPanel {
  /**
   * Computes LANES results, each from LANES chains of products along k that a fixed tree sums.
   *
   * @param x {@code chunks}·LANES elements
   * @param w {@code chunks}·LANES vectors
   * @param bias a vector that is added at the end
   * @param floor what smaller results become
   * @param out where the vector goes
   */
  void run(long x, long w, int chunks, long bias, float floor, long out);
}
