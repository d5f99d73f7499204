package dev.harpia.simd;

/**
 * Single-precision matrix multiplication on one thread, row-major, at absolute addresses: {@code C
 * = alpha·op(A)·op(B) + beta·C} with op(A) [m, k], op(B) [k, n] and C [m, n]. The one seam of the
 * library: OpenBLAS or our own vector kernels stand behind it.
 */
public interface Gemm {
  /**
   * Multiplies. Leading dimensions count elements. With {@code beta == 0} C is written and never
   * read.
   *
   * @param ta whether A is stored [k, m] with leading dimension {@code lda}
   * @param tb whether B is stored [n, k] with leading dimension {@code ldb}
   */
  void multiply(
      boolean ta,
      boolean tb,
      int m,
      int n,
      int k,
      float alpha,
      long a,
      int lda,
      long b,
      int ldb,
      float beta,
      long c,
      int ldc);

  /** How reports name this implementation, such as {@code openblas-0.3.31} or {@code vector}. */
  String name();
}
