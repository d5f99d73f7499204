package dev.harpia.simd;

/** {@link Multiply} as a {@link Gemm}: the implementation that is fastest for the shape. */
public final class BestGemm implements Gemm {
  /** The only instance. */
  public static final Gemm INSTANCE = new BestGemm();

  private BestGemm() {}

  @Override
  public void multiply(
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
      int ldc) {
    Multiply.run(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
  }

  @Override
  public String name() {
    return Multiply.implementation();
  }
}
