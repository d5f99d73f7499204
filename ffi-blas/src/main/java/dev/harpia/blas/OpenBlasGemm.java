package dev.harpia.blas;

import dev.harpia.blas.cblas.Cblas;
import dev.harpia.simd.Gemm;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.Semaphore;

/**
 * {@code cblas_sgemm} of OpenBLAS.
 *
 * <p>Callers wait for one another where there are more of them than processors: OpenBLAS keeps a
 * fixed number of work buffers and ends the process when they run out. The call is an ordinary one,
 * because a critical one would hold every garbage collection up until it returns. The batched
 * functions are not used: they crash on small matrices.
 */
final class OpenBlasGemm implements Gemm {
  private static final int ROW_MAJOR = Cblas.CblasRowMajor();
  private static final int NO_TRANSPOSE = Cblas.CblasNoTrans();
  private static final int TRANSPOSE = Cblas.CblasTrans();
  private static final MethodHandle SGEMM = sgemm();

  private final String name;
  private final Semaphore callers;

  /**
   * Only {@link OpenBlas#gemm} calls this: the handle above is bound when this class is first
   * touched.
   */
  OpenBlasGemm(OpenBlas library) {
    name = "openblas-" + library.version();
    callers = new Semaphore(library.callers());
  }

  /**
   * The generated function with plain addresses in place of segments, so that a call makes no
   * objects, compiled or not.
   */
  private static MethodHandle sgemm() {
    FunctionDescriptor generated = Cblas.cblas_sgemm$descriptor();
    MemoryLayout[] arguments =
        generated.argumentLayouts().stream()
            .map(layout -> layout instanceof AddressLayout ? ValueLayout.JAVA_LONG : layout)
            .toArray(MemoryLayout[]::new);
    return Linker.nativeLinker()
        .downcallHandle(Cblas.cblas_sgemm$address(), FunctionDescriptor.ofVoid(arguments));
  }

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
    if (m <= 0 || n <= 0) {
      return;
    }
    // OpenBLAS checks what one row never uses, prints, and returns without a result
    int strideA = stride("A", ta ? k : m, ta ? m : k, lda);
    int strideB = stride("B", tb ? n : k, tb ? k : n, ldb);
    int strideC = stride("C", m, n, ldc);
    callers.acquireUninterruptibly();
    try {
      SGEMM.invokeExact(
          ROW_MAJOR,
          ta ? TRANSPOSE : NO_TRANSPOSE,
          tb ? TRANSPOSE : NO_TRANSPOSE,
          m,
          n,
          k,
          alpha,
          a,
          strideA,
          b,
          strideB,
          beta,
          c,
          strideC);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("a native function threw", e);
    } finally {
      callers.release();
    }
  }

  private static int stride(String operand, int rows, int columns, int stride) {
    if (stride >= columns && stride > 0) {
      return stride;
    }
    if (rows > 1 && columns > 0) {
      throw new IllegalArgumentException(
          "gemm: %s stored [%d, %d]: leading dimension %d must be at least %d"
              .formatted(operand, rows, columns, stride, columns));
    }
    return Math.max(1, columns);
  }

  @Override
  public String name() {
    return name;
  }
}
