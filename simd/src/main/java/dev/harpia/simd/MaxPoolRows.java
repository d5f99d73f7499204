package dev.harpia.simd;

import static dev.harpia.simd.Vectors.ALL;
import static dev.harpia.simd.Vectors.BYTES;
import static dev.harpia.simd.Vectors.F;
import static dev.harpia.simd.Vectors.FLOAT;
import static dev.harpia.simd.Vectors.I;
import static dev.harpia.simd.Vectors.INT;
import static dev.harpia.simd.Vectors.LANES;
import static dev.harpia.simd.Vectors.LE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The second half of a max pool with stride 1 or 2: from the largest values of columns, and their
 * places, to a row of outputs in vectors.
 */
final class MaxPoolRows {
  private MaxPoolRows() {}

  /** Fills floats left or right of a row with what is never chosen. */
  static void pad(long values, long places, int count) {
    for (int i = 0; i < count; i++) {
      ALL.set(FLOAT, values + 4L * i, Float.NEGATIVE_INFINITY);
      ALL.set(INT, places + 4L * i, Integer.MAX_VALUE);
    }
  }

  /**
   * Output i is the largest of {@code taps} values that begin at stride·i and lie {@code step}
   * apart. Of equal values the first place counts, of several NaN the last.
   */
  static void row(
      long values, long places, int stride, int taps, int step, long y, long argmax, int ow) {
    IntVector lower = IntVector.zero(I).addIndex(stride);
    for (int i = 0; i < ow; i += LANES) {
      long from = 4L * stride * i;
      FloatVector best = every(lower, values + from).reinterpretAsFloats();
      IntVector at = every(lower, places + from);
      for (int t = 1; t < taps; t++) {
        long tap = from + 4L * t * step;
        FloatVector v = every(lower, values + tap).reinterpretAsFloats();
        IntVector place = every(lower, places + tap);
        VectorMask<Integer> before = place.compare(VectorOperators.LT, at);
        VectorMask<Integer> same = v.compare(VectorOperators.EQ, best).cast(I);
        VectorMask<Integer> nan = v.compare(VectorOperators.NE, v).cast(I);
        VectorMask<Integer> first = best.compare(VectorOperators.EQ, best).cast(I);
        VectorMask<Integer> better =
            v.compare(VectorOperators.GT, best)
                .cast(I)
                .or(same.and(before))
                .or(nan.and(first.or(before.not())));
        best = best.blend(v, better.cast(F));
        at = at.blend(place, better);
      }
      VectorMask<Integer> inside = I.indexInRange(i, ow);
      best.intoMemorySegment(ALL, y + 4L * i, LE, inside.cast(F));
      at.intoMemorySegment(ALL, argmax + 4L * i, LE, inside);
    }
  }

  /** With the indices 0, 1, 2 … or 0, 2, 4 …: that many of the next elements. */
  private static IntVector every(IntVector indices, long from) {
    IntVector a = IntVector.fromMemorySegment(I, ALL, from, LE);
    IntVector b = IntVector.fromMemorySegment(I, ALL, from + BYTES, LE);
    return indices.selectFrom(a, b);
  }
}
