package dev.harpia.simd;

/** A product split over the pool by blocks of rows of C; the split depends on the shape only. */
final class ParallelGemm implements Parallel.Task {
  // Pieces of less work than this are not worth a thread's attention.
  private static final long PIECE = 1 << 20;
  private static final int MOST_PIECES = 8;
  private static final int ROWS = 24;

  private final Gemm gemm;
  private boolean ta;
  private boolean tb;
  private int m;
  private int n;
  private int k;
  private long a;
  private int lda;
  private long b;
  private int ldb;
  private float beta;
  private long c;
  private int ldc;
  private int block;

  ParallelGemm(Gemm gemm) {
    this.gemm = gemm;
  }

  /** As {@link Gemm#multiply} with alpha 1. */
  void multiply(
      boolean ta,
      boolean tb,
      int m,
      int n,
      int k,
      long a,
      int lda,
      long b,
      int ldb,
      float beta,
      long c,
      int ldc) {
    this.ta = ta;
    this.tb = tb;
    this.m = m;
    this.n = n;
    this.k = k;
    this.a = a;
    this.lda = lda;
    this.b = b;
    this.ldb = ldb;
    this.beta = beta;
    this.c = c;
    this.ldc = ldc;
    long pieces = Math.clamp((long) m * n * k / PIECE, 1, MOST_PIECES);
    block = Math.max(ROWS, Panels.roundUp((int) ((m + pieces - 1) / pieces), ROWS));
    Parallel.run((m + block - 1) / block, this);
  }

  @Override
  public void run(int index) {
    int from = index * block;
    int rows = Math.min(block, m - from);
    long first = a + 4L * from * (ta ? 1 : lda);
    gemm.multiply(ta, tb, rows, n, k, 1f, first, lda, b, ldb, beta, c + 4L * from * ldc, ldc);
  }
}
