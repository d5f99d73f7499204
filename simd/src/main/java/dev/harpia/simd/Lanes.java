package dev.harpia.simd;

import static dev.harpia.simd.Vectors.F;
import static dev.harpia.simd.Vectors.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/**
 * Butterfly shuffles and leading-lane masks.
 *
 * <p>A sum over the lanes is written out as {@code v.add(v.rearrange(X8))} … {@code X1}: a fixed
 * tree, where {@code reduceLanes(ADD)} has different bits before and after compilation.
 */
final class Lanes {
  static final VectorShuffle<Float> X8 = exchange(8);
  static final VectorShuffle<Float> X4 = exchange(4);
  static final VectorShuffle<Float> X2 = exchange(2);
  static final VectorShuffle<Float> X1 = exchange(1);

  /** 0, 1, 2, …. */
  static final FloatVector IOTA = FloatVector.zero(F).addIndex(1);

  private Lanes() {}

  private static VectorShuffle<Float> exchange(int distance) {
    return VectorShuffle.fromOp(F, i -> (i ^ distance) < LANES ? i ^ distance : i);
  }

  /**
   * The first {@code n} lanes; all of them from n = LANES on. Small enough to be inlined always.
   */
  static VectorMask<Float> first(long n) {
    return IOTA.compare(VectorOperators.LT, FloatVector.broadcast(F, (float) n));
  }
}
