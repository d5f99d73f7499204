/** OpenBLAS through the foreign function interface. */
module dev.harpia.blas {
  requires dev.harpia.simd;
  requires static org.jspecify;
}
