package dev.harpia.simd;

import static dev.harpia.simd.Vectors.ALL;
import static dev.harpia.simd.Vectors.BYTES;
import static dev.harpia.simd.Vectors.F;
import static dev.harpia.simd.Vectors.I;
import static dev.harpia.simd.Vectors.LANES;
import static dev.harpia.simd.Vectors.LE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The most common max pool, 2×2 windows side by side: a row of outputs from two rows of inputs,
 * told apart into even and odd columns.
 */
final class MaxPoolPairs {
  private MaxPoolPairs() {}

  static void plane(long x, int w, long y, long argmax, int oh, int ow) {
    for (int oy = 0; oy < oh; oy++) {
      row(x + 8L * oy * w, 4L * w, y + 4L * oy * ow, argmax + 4L * oy * ow, ow, 2 * oy * w, w);
    }
  }

  private static void row(long x, long pitch, long y, long argmax, int ow, int place, int w) {
    IntVector even = IntVector.zero(I).addIndex(2);
    IntVector odd = even.add(1);
    for (int i = 0; i < ow; i += LANES) {
      VectorMask<Integer> left = I.indexInRange(0, 2 * (ow - i));
      VectorMask<Integer> right = I.indexInRange(LANES, 2 * (ow - i));
      VectorMask<Integer> inside = I.indexInRange(i, ow);
      long at = x + 8L * i;
      IntVector a = IntVector.fromMemorySegment(I, ALL, at, LE, left);
      IntVector b = IntVector.fromMemorySegment(I, ALL, at + BYTES, LE, right);
      IntVector c = IntVector.fromMemorySegment(I, ALL, at + pitch, LE, left);
      IntVector d = IntVector.fromMemorySegment(I, ALL, at + pitch + BYTES, LE, right);
      FloatVector best = even.selectFrom(a, b).reinterpretAsFloats();
      FloatVector v1 = odd.selectFrom(a, b).reinterpretAsFloats();
      FloatVector v2 = even.selectFrom(c, d).reinterpretAsFloats();
      FloatVector v3 = odd.selectFrom(c, d).reinterpretAsFloats();
      IntVector place0 = even.add(place + 2 * i);
      IntVector bestAt = place0;
      VectorMask<Float> better =
          v1.compare(VectorOperators.GT, best).or(v1.compare(VectorOperators.NE, v1));
      best = best.blend(v1, better);
      bestAt = bestAt.blend(place0.add(1), better.cast(I));
      better = v2.compare(VectorOperators.GT, best).or(v2.compare(VectorOperators.NE, v2));
      best = best.blend(v2, better);
      bestAt = bestAt.blend(place0.add(w), better.cast(I));
      better = v3.compare(VectorOperators.GT, best).or(v3.compare(VectorOperators.NE, v3));
      best = best.blend(v3, better);
      bestAt = bestAt.blend(place0.add(w + 1), better.cast(I));
      best.intoMemorySegment(ALL, y + 4L * i, LE, inside.cast(F));
      bestAt.intoMemorySegment(ALL, argmax + 4L * i, LE, inside);
    }
  }
}
