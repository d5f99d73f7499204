package dev.harpia.simd;

import static dev.harpia.simd.Vectors.F;
import static dev.harpia.simd.Vectors.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/**
 * Butterfly shuffles.
 *
 * <p>A sum over the lanes is written out as {@code v.add(v.rearrange(X8))} … {@code X1}: a fixed
 * tree, where {@code reduceLanes(ADD)} has different bits before and after compilation.
 */
final class Lanes {
  static final VectorShuffle<Float> X8 = exchange(8);
  static final VectorShuffle<Float> X4 = exchange(4);
  static final VectorShuffle<Float> X2 = exchange(2);
  static final VectorShuffle<Float> X1 = exchange(1);

  /**
   * 0, 1, 2, …: what is less than n is the mask of the first n lanes. Kernels write that comparison
   * out, since a helper that C2 does not inline (deep in a chain of calls) returns the mask in a
   * box.
   */
  static final FloatVector IOTA = FloatVector.zero(F).addIndex(1);

  private Lanes() {}

  private static VectorShuffle<Float> exchange(int distance) {
    return VectorShuffle.fromOp(F, i -> (i ^ distance) < LANES ? i ^ distance : i);
  }
}
