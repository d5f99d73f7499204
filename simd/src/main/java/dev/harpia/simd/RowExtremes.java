package dev.harpia.simd;

import static dev.harpia.simd.Vectors.ALL;
import static dev.harpia.simd.Vectors.BYTES;
import static dev.harpia.simd.Vectors.F;
import static dev.harpia.simd.Vectors.LANES;
import static dev.harpia.simd.Vectors.LE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Largest and smallest element of one contiguous row, and where it stands. The row has at least one
 * element.
 */
final class RowExtremes {
  private static final long STEP_BYTES = 4L * BYTES;

  private RowExtremes() {}

  /** The largest element; NaN if there is one. */
  static float max(long x, long n) {
    long whole = n & -4L * LANES;
    float most = whole == 0 ? Float.NEGATIVE_INFINITY : maxBlock(x, 4 * whole);
    return whole == n ? most : Math.max(most, maxTail(x + 4 * whole, n - whole));
  }

  private static float maxBlock(long x, long bytes) {
    FloatVector m0 = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
    FloatVector m1 = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
    FloatVector m2 = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
    FloatVector m3 = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
    for (long o = 0; o < bytes; o += STEP_BYTES) {
      m0 = m0.max(FloatVector.fromMemorySegment(F, ALL, x + o, LE));
      m1 = m1.max(FloatVector.fromMemorySegment(F, ALL, x + o + BYTES, LE));
      m2 = m2.max(FloatVector.fromMemorySegment(F, ALL, x + o + 2 * BYTES, LE));
      m3 = m3.max(FloatVector.fromMemorySegment(F, ALL, x + o + 3 * BYTES, LE));
    }
    return m0.max(m1).max(m2.max(m3)).reduceLanes(VectorOperators.MAX);
  }

  private static float maxTail(long x, long n) {
    FloatVector m = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
    for (long i = 0; i < n; i += LANES) {
      VectorMask<Float> in =
          Lanes.IOTA.compare(VectorOperators.LT, FloatVector.broadcast(F, (float) (n - i)));
      FloatVector v = FloatVector.fromMemorySegment(F, ALL, x + 4 * i, LE, in);
      m = m.max(FloatVector.broadcast(F, Float.NEGATIVE_INFINITY).blend(v, in));
    }
    return m.reduceLanes(VectorOperators.MAX);
  }

  /** The smallest element; NaN if there is one. */
  static float min(long x, long n) {
    long whole = n & -4L * LANES;
    float least = whole == 0 ? Float.POSITIVE_INFINITY : minBlock(x, 4 * whole);
    return whole == n ? least : Math.min(least, minTail(x + 4 * whole, n - whole));
  }

  private static float minBlock(long x, long bytes) {
    FloatVector m0 = FloatVector.broadcast(F, Float.POSITIVE_INFINITY);
    FloatVector m1 = FloatVector.broadcast(F, Float.POSITIVE_INFINITY);
    FloatVector m2 = FloatVector.broadcast(F, Float.POSITIVE_INFINITY);
    FloatVector m3 = FloatVector.broadcast(F, Float.POSITIVE_INFINITY);
    for (long o = 0; o < bytes; o += STEP_BYTES) {
      m0 = m0.min(FloatVector.fromMemorySegment(F, ALL, x + o, LE));
      m1 = m1.min(FloatVector.fromMemorySegment(F, ALL, x + o + BYTES, LE));
      m2 = m2.min(FloatVector.fromMemorySegment(F, ALL, x + o + 2 * BYTES, LE));
      m3 = m3.min(FloatVector.fromMemorySegment(F, ALL, x + o + 3 * BYTES, LE));
    }
    return m0.min(m1).min(m2.min(m3)).reduceLanes(VectorOperators.MIN);
  }

  private static float minTail(long x, long n) {
    FloatVector m = FloatVector.broadcast(F, Float.POSITIVE_INFINITY);
    for (long i = 0; i < n; i += LANES) {
      VectorMask<Float> in =
          Lanes.IOTA.compare(VectorOperators.LT, FloatVector.broadcast(F, (float) (n - i)));
      FloatVector v = FloatVector.fromMemorySegment(F, ALL, x + 4 * i, LE, in);
      m = m.min(FloatVector.broadcast(F, Float.POSITIVE_INFINITY).blend(v, in));
    }
    return m.reduceLanes(VectorOperators.MIN);
  }

  /** The largest element that is a number; −∞ if there is none. Half the work of {@link #max}. */
  static float maxOfNumbers(long x, long n) {
    long whole = n & -4L * LANES;
    float most = whole == 0 ? Float.NEGATIVE_INFINITY : numbersBlock(x, 4 * whole);
    return whole == n ? most : Math.max(most, numbersTail(x + 4 * whole, n - whole));
  }

  private static float numbersBlock(long x, long bytes) {
    FloatVector m0 = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
    FloatVector m1 = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
    FloatVector m2 = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
    FloatVector m3 = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
    for (long o = 0; o < bytes; o += STEP_BYTES) {
      FloatVector x0 = FloatVector.fromMemorySegment(F, ALL, x + o, LE);
      FloatVector x1 = FloatVector.fromMemorySegment(F, ALL, x + o + BYTES, LE);
      FloatVector x2 = FloatVector.fromMemorySegment(F, ALL, x + o + 2 * BYTES, LE);
      FloatVector x3 = FloatVector.fromMemorySegment(F, ALL, x + o + 3 * BYTES, LE);
      m0 = m0.blend(x0, x0.compare(VectorOperators.GT, m0));
      m1 = m1.blend(x1, x1.compare(VectorOperators.GT, m1));
      m2 = m2.blend(x2, x2.compare(VectorOperators.GT, m2));
      m3 = m3.blend(x3, x3.compare(VectorOperators.GT, m3));
    }
    return m0.max(m1).max(m2.max(m3)).reduceLanes(VectorOperators.MAX);
  }

  private static float numbersTail(long x, long n) {
    FloatVector m = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
    for (long i = 0; i < n; i += LANES) {
      VectorMask<Float> in =
          Lanes.IOTA.compare(VectorOperators.LT, FloatVector.broadcast(F, (float) (n - i)));
      FloatVector v = FloatVector.fromMemorySegment(F, ALL, x + 4 * i, LE, in);
      m = m.blend(v, v.compare(VectorOperators.GT, m).and(in));
    }
    return m.reduceLanes(VectorOperators.MAX);
  }

  /** Where {@code value}, which the row holds, stands first; NaN is found too. */
  static long indexOf(long x, long n, float value) {
    long whole = n & -LANES;
    long found = Float.isNaN(value) ? nanBlock(x, 4 * whole) : equalBlock(x, 4 * whole, value);
    return found < whole ? found : indexTail(x, whole, n, value);
  }

  private static long equalBlock(long x, long bytes, float value) {
    for (long o = 0; o < bytes; o += BYTES) {
      VectorMask<Float> hit =
          FloatVector.fromMemorySegment(F, ALL, x + o, LE)
              .compare(VectorOperators.EQ, FloatVector.broadcast(F, value));
      if (hit.anyTrue()) {
        return o / 4 + hit.firstTrue();
      }
    }
    return bytes / 4;
  }

  private static long nanBlock(long x, long bytes) {
    for (long o = 0; o < bytes; o += BYTES) {
      VectorMask<Float> hit =
          FloatVector.fromMemorySegment(F, ALL, x + o, LE).test(VectorOperators.IS_NAN);
      if (hit.anyTrue()) {
        return o / 4 + hit.firstTrue();
      }
    }
    return bytes / 4;
  }

  private static long indexTail(long x, long from, long n, float value) {
    for (long i = from; i < n; i++) {
      float v = Vectors.get(x + 4 * i);
      if (v == value || (Float.isNaN(v) && Float.isNaN(value))) {
        return i;
      }
    }
    return n;
  }
}
