package dev.harpia.simd;

import dev.harpia.simd.Product.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Matrix products for everyone above the kernels: chooses the implementation by shape and splits
 * the work over the pool by shape alone, so results are the same bits for any number of threads.
 *
 * <p>A native library, where there is one ({@link Blas}), does those small products at which it is
 * ahead ({@link Handover}); our kernels do the rest.
 *
 * <p>All matrices are row-major at absolute addresses, whose bounds and liveness the caller has
 * checked. No call allocates on the heap once its shape is warm.
 */
public final class Multiply {
  private Multiply() {}

  /**
   * C [m, n] = alpha·op(A) [m, k]·op(B) [k, n] + beta·C.
   *
   * @param ta whether A is stored [k, m]
   * @param tb whether B is stored [n, k]
   * @param beta 0 means that C is only written
   */
  public static void run(
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
    if (ta && m == 1 && lda == 1) { // a column is a row
      run(false, tb, m, n, k, alpha, a, Math.max(1, k), b, ldb, beta, c, ldc);
      return;
    }
    Gemm library = Product.external(ta, tb, m, n, k);
    if (library == null) {
      own(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
    } else if (Product.whole(m, n, k)) {
      record(m, n, k, library);
      library.multiply(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
    } else {
      batched(1, ta, tb, m, n, k, alpha, a, lda, 0, b, ldb, 0, beta, c, ldc, 0);
    }
  }

  private static void record(int m, int n, int k, @Nullable Gemm library) {
    if (Recorder.on() && ProductEvent.enabled()) {
      ProductEvent.emit(m, n, k, 1, library);
    }
  }

  /** As {@link #run}, by our own kernels, whatever else there is: what the benchmarks compare. */
  public static void own(
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
    if (ta && n == 1 && m > 1 && ldc == 1) { // a column is a row: Cᵀ = Bᵀ·Aᵀ
      own(!tb, false, 1, m, k, alpha, b, ldb, a, lda, beta, c, Math.max(1, m));
    } else if (Product.whole(m, n, k)) {
      record(m, n, k, null);
      boolean turned = ta && (m > 1 || lda > 1);
      Kind kind = Kind.of(turned, tb, m, n, k);
      int pitch = turned == ta ? lda : k;
      Product.kernel(kind, turned, tb, m, n, k, alpha, a, pitch, b, ldb, beta, c, ldc, 0, false);
    } else {
      Product product = Product.take();
      product.matrices(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
      product.own();
      product.run();
    }
  }

  /**
   * C = act(op(A)·op(B) + bias), where act is max(x, 0) or nothing. Always done by our own kernels,
   * which start each sum from the bias: c = fma(a[k−1], b[k−1], … fma(a[0], b[0], bias)). A single
   * row against a B stored [n, k] adds the bias last.
   *
   * @param bias address of n elements, one for each column
   */
  public static void affine(
      boolean ta,
      boolean tb,
      int m,
      int n,
      int k,
      long a,
      int lda,
      long b,
      int ldb,
      long bias,
      boolean relu,
      long c,
      int ldc) {
    if (Product.whole(m, n, k)) {
      record(m, n, k, null);
      Kind kind = Kind.of(ta, tb, m, n, k);
      Product.kernel(kind, ta, tb, m, n, k, 1, a, lda, b, ldb, 0, c, ldc, bias, relu);
    } else {
      Product product = Product.take();
      product.matrices(ta, tb, m, n, k, 1, a, lda, b, ldb, 0, c, ldc);
      product.epilogue(bias, relu);
      product.run();
    }
  }

  /**
   * Several products of one shape, whose matrices lie a fixed number of elements apart; 0 for A or
   * B uses the same matrix for all.
   */
  public static void batched(
      int batch,
      boolean ta,
      boolean tb,
      int m,
      int n,
      int k,
      float alpha,
      long a,
      int lda,
      long strideA,
      long b,
      int ldb,
      long strideB,
      float beta,
      long c,
      int ldc,
      long strideC) {
    Product product = Product.take();
    product.matrices(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
    product.batch(batch, strideA, strideB, strideC);
    product.run();
  }

  /** How reports name what multiplies: {@code openblas-0.3.31}, or {@code vector}. */
  public static String implementation() {
    return Blas.external().map(Gemm::name).orElse(VectorGemm.INSTANCE.name());
  }
}
