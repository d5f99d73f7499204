package dev.harpia.models.cli;

import dev.harpia.simd.Blas;
import dev.harpia.simd.Gemm;

/** How reports name the matrix multiplication that this JVM uses. */
final class Gemms {
  private Gemms() {}

  static String name() {
    return Blas.external().map(Gemm::name).orElse("vector");
  }
}
