/** Tensors and their operations, and the vector kernels under them. */
module dev.harpia.simd {
  requires java.management;
  requires jdk.incubator.vector;
  requires jdk.jfr;
  requires jdk.management;
  requires static org.jspecify;

  exports dev.harpia.tensor;
  exports dev.harpia.tensor.op;
  exports dev.harpia.simd to
      dev.harpia.blas,
      dev.harpia.nn,
      dev.harpia.models,
      dev.harpia.bench,
      dev.harpia.tests;

  uses dev.harpia.simd.GemmProvider;
}
