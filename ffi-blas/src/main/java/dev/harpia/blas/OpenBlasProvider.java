package dev.harpia.blas;

import dev.harpia.simd.GemmProvider;

/** Offers OpenBLAS to {@code simd}, through {@link java.util.ServiceLoader}. */
public final class OpenBlasProvider implements GemmProvider {
  /** For the service loader. */
  public OpenBlasProvider() {}

  @Override
  public Found find(String setting) {
    Search.Outcome outcome = OpenBlas.search(setting);
    return new Found(outcome.library().map(OpenBlas::gemm), outcome.report());
  }
}
