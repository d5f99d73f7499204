package dev.harpia.simd;

import static dev.harpia.simd.Lanes.X1;
import static dev.harpia.simd.Lanes.X2;
import static dev.harpia.simd.Lanes.X4;
import static dev.harpia.simd.Lanes.X8;
import static dev.harpia.simd.Vectors.ALL;
import static dev.harpia.simd.Vectors.BYTES;
import static dev.harpia.simd.Vectors.F;
import static dev.harpia.simd.Vectors.I;
import static dev.harpia.simd.Vectors.LANES;
import static dev.harpia.simd.Vectors.LE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The exponentials of one row and the largest element of the next in one loop: the next row comes
 * from memory while this one is computed, instead of afterwards. The bits are those of {@link
 * RowExp#exp} and {@link RowExtremes#maxOfNumbers}.
 */
final class RowExpAhead {
  /** Shorter rows come fast enough one by one. */
  private static final long SHORT = 512;

  private RowExpAhead() {}

  /** Whether rows of n elements are of a kind that this reads: one block of whole vectors. */
  static boolean suits(long n) {
    return n >= SHORT && n <= RowSums.BLOCK && n % LANES == 0;
  }

  /**
   * y = e^(x − m); returns Σ y.
   *
   * @param next the row whose largest elements, one for each lane, go to {@code most}
   */
  static float exp(long y, long x, long n, float m, long next, long most) {
    long bytes = 4 * n;
    FloatVector s = FloatVector.zero(F);
    FloatVector top = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
    for (long o = 0; o < bytes; o += BYTES) {
      FloatVector ahead = FloatVector.fromMemorySegment(F, ALL, next + o, LE);
      top = top.blend(ahead, ahead.compare(VectorOperators.GT, top));
      FloatVector v =
          FloatVector.fromMemorySegment(F, ALL, x + o, LE).sub(FloatVector.broadcast(F, m));
      FloatVector t =
          v.fma(FloatVector.broadcast(F, Exp.LOG2E), FloatVector.broadcast(F, Exp.MAGIC));
      FloatVector k = t.sub(FloatVector.broadcast(F, Exp.MAGIC));
      FloatVector r = k.fma(FloatVector.broadcast(F, Exp.MINUS_LN2_HIGH), v);
      r = k.fma(FloatVector.broadcast(F, Exp.MINUS_LN2_LOW), r);
      FloatVector p = r.fma(FloatVector.broadcast(F, Exp.C6), FloatVector.broadcast(F, Exp.C5));
      p = p.fma(r, FloatVector.broadcast(F, Exp.C4));
      p = p.fma(r, FloatVector.broadcast(F, Exp.C3));
      p = p.fma(r, FloatVector.broadcast(F, Exp.C2));
      p = p.fma(r.mul(r), r).add(FloatVector.broadcast(F, 1f));
      FloatVector scale =
          t.reinterpretAsInts()
              .lanewise(VectorOperators.LSHL, 23)
              .add(IntVector.broadcast(I, Exp.ONE))
              .reinterpretAsFloats();
      FloatVector e =
          p.mul(scale)
              .blend(
                  FloatVector.zero(F),
                  v.compare(VectorOperators.LT, FloatVector.broadcast(F, Exp.LOWEST)));
      e.intoMemorySegment(ALL, y + o, LE);
      s = s.add(e);
    }
    top.intoMemorySegment(ALL, most, LE);
    if (LANES > 8) {
      s = s.add(s.rearrange(X8));
    }
    if (LANES > 4) {
      s = s.add(s.rearrange(X4));
    }
    if (LANES > 2) {
      s = s.add(s.rearrange(X2));
    }
    return s.add(s.rearrange(X1)).lane(0);
  }

  /** The largest of the lanes that {@link #exp} left. */
  static float largest(long most) {
    return FloatVector.fromMemorySegment(F, ALL, most, LE).reduceLanes(VectorOperators.MAX);
  }
}
