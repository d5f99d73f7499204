/** OpenBLAS through the foreign function interface. */
module dev.harpia.blas {
  requires dev.harpia.simd;
  requires static org.jspecify;

  exports dev.harpia.blas;

  provides dev.harpia.simd.GemmProvider with
      dev.harpia.blas.OpenBlasProvider;
}
