package dev.harpia.simd;

import static dev.harpia.simd.Vectors.ALL;
import static dev.harpia.simd.Vectors.BYTES;
import static dev.harpia.simd.Vectors.F;
import static dev.harpia.simd.Vectors.FLOAT;
import static dev.harpia.simd.Vectors.LANES;
import static dev.harpia.simd.Vectors.LE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/**
 * Dot products of one vector with many rows, at the speed of memory. The lanes of all rows are
 * added at the end, pairs of rows at a time, so that adding costs about one operation per row and
 * has a fixed order.
 */
final class Dots {
  private static final VectorShuffle<Float> EVEN = VectorShuffle.makeUnzip(F, 0);
  private static final VectorShuffle<Float> ODD = VectorShuffle.makeUnzip(F, 1);

  private Dots() {}

  /**
   * {@code to[i] = Σ x[j]·a[i, j]} for n rows of exactly k elements.
   *
   * @param to working memory: one whole vector per row, rows rounded up to LANES
   */
  static void rows(long to, long a, long aRow, long x, int k, int n) {
    long bytes = 4L * (k - k % LANES);
    int i = 0;
    for (; i + 4 <= n; i += 4) {
      four(to + (long) i * BYTES, a + i * aRow, aRow, x, bytes);
    }
    for (; i < n; i++) {
      one(to + (long) i * BYTES, a + i * aRow, x, bytes);
    }
    int padded = Panels.roundUp(n, LANES);
    Vectors.zero(to + (long) n * BYTES, (long) (padded - n) * BYTES);
    if (bytes < 4L * k) {
      for (i = 0; i < n; i++) {
        tail(to + (long) i * BYTES, a + i * aRow, x, bytes, 4L * k);
      }
    }
    for (int left = padded; left > padded / LANES; left /= 2) {
      fold(to, (long) left / 2 * BYTES);
    }
  }

  private static void four(long to, long a, long aRow, long x, long bytes) {
    long b = a + aRow;
    long c = b + aRow;
    long d = c + aRow;
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = FloatVector.zero(F);
    FloatVector s2 = FloatVector.zero(F);
    FloatVector s3 = FloatVector.zero(F);
    for (long o = 0; o < bytes; o += BYTES) {
      FloatVector v = FloatVector.fromMemorySegment(F, ALL, x + o, LE);
      s0 = v.fma(FloatVector.fromMemorySegment(F, ALL, a + o, LE), s0);
      s1 = v.fma(FloatVector.fromMemorySegment(F, ALL, b + o, LE), s1);
      s2 = v.fma(FloatVector.fromMemorySegment(F, ALL, c + o, LE), s2);
      s3 = v.fma(FloatVector.fromMemorySegment(F, ALL, d + o, LE), s3);
    }
    s0.intoMemorySegment(ALL, to, LE);
    s1.intoMemorySegment(ALL, to + BYTES, LE);
    s2.intoMemorySegment(ALL, to + 2L * BYTES, LE);
    s3.intoMemorySegment(ALL, to + 3L * BYTES, LE);
  }

  private static void one(long to, long a, long x, long bytes) {
    FloatVector s = FloatVector.zero(F);
    for (long o = 0; o < bytes; o += BYTES) {
      FloatVector v = FloatVector.fromMemorySegment(F, ALL, x + o, LE);
      s = v.fma(FloatVector.fromMemorySegment(F, ALL, a + o, LE), s);
    }
    s.intoMemorySegment(ALL, to, LE);
  }

  /** The elements past the last whole vector go to the first lanes. */
  private static void tail(long to, long a, long x, long from, long end) {
    long lane = to;
    for (long o = from; o < end; o += 4) {
      ALL.set(
          FLOAT,
          lane,
          Math.fma(ALL.get(FLOAT, x + o), ALL.get(FLOAT, a + o), ALL.get(FLOAT, lane)));
      lane += 4;
    }
  }

  /** Adds neighbouring lanes: two vectors become one, in order. */
  private static void fold(long at, long bytes) {
    for (long o = 0; o < bytes; o += BYTES) {
      FloatVector a = FloatVector.fromMemorySegment(F, ALL, at + 2 * o, LE);
      FloatVector b = FloatVector.fromMemorySegment(F, ALL, at + 2 * o + BYTES, LE);
      a.rearrange(EVEN, b).add(a.rearrange(ODD, b)).intoMemorySegment(ALL, at + o, LE);
    }
  }
}
