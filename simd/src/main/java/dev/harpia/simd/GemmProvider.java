package dev.harpia.simd;

import java.util.Optional;

/**
 * Finds a native matrix multiplication. {@link Blas} looks providers up with {@link
 * java.util.ServiceLoader}; {@code ffi-blas} provides OpenBLAS.
 */
public interface GemmProvider {
  /**
   * What a search came to.
   *
   * @param gemm the implementation, if one is usable
   * @param report one line: what was chosen and from where, or every place that was tried and why
   *     it did not do
   */
  record Found(Optional<Gemm> gemm, String report) {}

  /**
   * Searches. Absence is a result, not an exception: {@link Blas} decides what the setting makes of
   * it.
   *
   * @param setting the value of {@code -Dharpia.blas}: {@code auto}, {@code required} or the path
   *     of a library; never {@code off}
   */
  Found find(String setting);
}
