package dev.harpia.blas;

import dev.harpia.simd.Blas;
import dev.harpia.simd.Gemm;

/** Prints what a JVM makes of its switches. */
final class PrintChoice {
  private PrintChoice() {}

  public static void main(String[] args) {
    try {
      System.out.println("gemm " + Blas.external().map(Gemm::name).orElse("none"));
    } catch (UnsupportedOperationException e) {
      System.out.println("thrown " + e.getMessage());
    }
    System.out.println("report " + Blas.report());
    OpenBlas.find().ifPresent(found -> System.out.println("threads " + found.threads()));
    try {
      System.out.println("core " + OpenBlas.require().coreName());
    } catch (BlasNotFoundException e) {
      System.out.println("not found " + e.getMessage());
    }
  }
}
