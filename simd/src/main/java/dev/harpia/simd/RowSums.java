package dev.harpia.simd;

import static dev.harpia.simd.Lanes.X1;
import static dev.harpia.simd.Lanes.X2;
import static dev.harpia.simd.Lanes.X4;
import static dev.harpia.simd.Lanes.X8;
import static dev.harpia.simd.Vectors.ALL;
import static dev.harpia.simd.Vectors.BYTES;
import static dev.harpia.simd.Vectors.F;
import static dev.harpia.simd.Vectors.LANES;
import static dev.harpia.simd.Vectors.LE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Sums over one contiguous row: of x, of x·y, of (x − μ)², and of g·w·(x − μ).
 *
 * <p>Blocks of 4096 are summed in four vectors of float and joined in double in the order of the
 * row: accurate to a few units in the last place for any length, and the same bits however the row
 * is shared among threads. Memory outside the row is never touched.
 */
final class RowSums {
  /** Elements summed in float. */
  static final long BLOCK = 4096;

  private static final long STEP = 4L * LANES;
  private static final long STEP_BYTES = 4L * BYTES;

  private RowSums() {}

  /** Σ x. */
  static double sum(long x, long n) {
    double total = 0;
    for (long i = 0; i < n; i += BLOCK) {
      long count = Math.min(BLOCK, n - i);
      long whole = count & -STEP;
      if (whole != 0) {
        total += sumBlock(x + 4 * i, 4 * whole);
      }
      if (whole != count) {
        total += sumTail(x + 4 * (i + whole), count - whole);
      }
    }
    return total;
  }

  private static float sumBlock(long x, long bytes) {
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = FloatVector.zero(F);
    FloatVector s2 = FloatVector.zero(F);
    FloatVector s3 = FloatVector.zero(F);
    for (long o = 0; o < bytes; o += STEP_BYTES) {
      s0 = s0.add(FloatVector.fromMemorySegment(F, ALL, x + o, LE));
      s1 = s1.add(FloatVector.fromMemorySegment(F, ALL, x + o + BYTES, LE));
      s2 = s2.add(FloatVector.fromMemorySegment(F, ALL, x + o + 2 * BYTES, LE));
      s3 = s3.add(FloatVector.fromMemorySegment(F, ALL, x + o + 3 * BYTES, LE));
    }
    FloatVector s = s0.add(s1).add(s2.add(s3));
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

  private static float sumTail(long x, long n) {
    FloatVector s = FloatVector.zero(F);
    for (long i = 0; i < n; i += LANES) {
      s =
          s.add(
              FloatVector.fromMemorySegment(
                  F,
                  ALL,
                  x + 4 * i,
                  LE,
                  Lanes.IOTA.compare(
                      VectorOperators.LT, FloatVector.broadcast(F, (float) (n - i)))));
    }
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

  /** Σ x·y. */
  static double dot(long x, long y, long n) {
    double total = 0;
    for (long i = 0; i < n; i += BLOCK) {
      long count = Math.min(BLOCK, n - i);
      long whole = count & -STEP;
      if (whole != 0) {
        total += dotBlock(x + 4 * i, y + 4 * i, 4 * whole);
      }
      if (whole != count) {
        total += dotTail(x + 4 * (i + whole), y + 4 * (i + whole), count - whole);
      }
    }
    return total;
  }

  private static float dotBlock(long x, long y, long bytes) {
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = FloatVector.zero(F);
    FloatVector s2 = FloatVector.zero(F);
    FloatVector s3 = FloatVector.zero(F);
    for (long o = 0; o < bytes; o += STEP_BYTES) {
      FloatVector x0 = FloatVector.fromMemorySegment(F, ALL, x + o, LE);
      FloatVector x1 = FloatVector.fromMemorySegment(F, ALL, x + o + BYTES, LE);
      FloatVector x2 = FloatVector.fromMemorySegment(F, ALL, x + o + 2 * BYTES, LE);
      FloatVector x3 = FloatVector.fromMemorySegment(F, ALL, x + o + 3 * BYTES, LE);
      s0 = x0.fma(FloatVector.fromMemorySegment(F, ALL, y + o, LE), s0);
      s1 = x1.fma(FloatVector.fromMemorySegment(F, ALL, y + o + BYTES, LE), s1);
      s2 = x2.fma(FloatVector.fromMemorySegment(F, ALL, y + o + 2 * BYTES, LE), s2);
      s3 = x3.fma(FloatVector.fromMemorySegment(F, ALL, y + o + 3 * BYTES, LE), s3);
    }
    FloatVector s = s0.add(s1).add(s2.add(s3));
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

  private static float dotTail(long x, long y, long n) {
    FloatVector s = FloatVector.zero(F);
    for (long i = 0; i < n; i += LANES) {
      VectorMask<Float> in =
          Lanes.IOTA.compare(VectorOperators.LT, FloatVector.broadcast(F, (float) (n - i)));
      FloatVector v = FloatVector.fromMemorySegment(F, ALL, x + 4 * i, LE, in);
      s = v.fma(FloatVector.fromMemorySegment(F, ALL, y + 4 * i, LE, in), s);
    }
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

  /** Σ (x − mean)². */
  static double deviations(long x, long n, float mean) {
    double total = 0;
    for (long i = 0; i < n; i += BLOCK) {
      long count = Math.min(BLOCK, n - i);
      long whole = count & -STEP;
      if (whole != 0) {
        total += deviationsBlock(x + 4 * i, 4 * whole, mean);
      }
      if (whole != count) {
        total += deviationsTail(x + 4 * (i + whole), count - whole, mean);
      }
    }
    return total;
  }

  private static float deviationsBlock(long x, long bytes, float mean) {
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = FloatVector.zero(F);
    FloatVector s2 = FloatVector.zero(F);
    FloatVector s3 = FloatVector.zero(F);
    for (long o = 0; o < bytes; o += STEP_BYTES) {
      FloatVector x0 =
          FloatVector.fromMemorySegment(F, ALL, x + o, LE).sub(FloatVector.broadcast(F, mean));
      FloatVector x1 =
          FloatVector.fromMemorySegment(F, ALL, x + o + BYTES, LE)
              .sub(FloatVector.broadcast(F, mean));
      FloatVector x2 =
          FloatVector.fromMemorySegment(F, ALL, x + o + 2 * BYTES, LE)
              .sub(FloatVector.broadcast(F, mean));
      FloatVector x3 =
          FloatVector.fromMemorySegment(F, ALL, x + o + 3 * BYTES, LE)
              .sub(FloatVector.broadcast(F, mean));
      s0 = x0.fma(x0, s0);
      s1 = x1.fma(x1, s1);
      s2 = x2.fma(x2, s2);
      s3 = x3.fma(x3, s3);
    }
    FloatVector s = s0.add(s1).add(s2.add(s3));
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

  private static float deviationsTail(long x, long n, float mean) {
    FloatVector s = FloatVector.zero(F);
    for (long i = 0; i < n; i += LANES) {
      VectorMask<Float> in =
          Lanes.IOTA.compare(VectorOperators.LT, FloatVector.broadcast(F, (float) (n - i)));
      FloatVector v =
          FloatVector.fromMemorySegment(F, ALL, x + 4 * i, LE, in)
              .sub(FloatVector.broadcast(F, mean));
      v = FloatVector.zero(F).blend(v, in);
      s = v.fma(v, s);
    }
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

  /** Σ g·w·(x − mean). */
  static double covariance(long g, long w, long x, long n, float mean) {
    double total = 0;
    for (long i = 0; i < n; i += BLOCK) {
      long o = 4 * i;
      long bytes = 4 * (Math.min(BLOCK, n - i) & -LANES);
      if (bytes != 0) {
        total += covarianceBlock(g + o, w + o, x + o, bytes, mean);
      }
    }
    long whole = n & -LANES;
    return whole == n
        ? total
        : total + covarianceTail(g + 4 * whole, w + 4 * whole, x + 4 * whole, n - whole, mean);
  }

  private static float covarianceBlock(long g, long w, long x, long bytes, float mean) {
    FloatVector s = FloatVector.zero(F);
    for (long o = 0; o < bytes; o += BYTES) {
      FloatVector v =
          FloatVector.fromMemorySegment(F, ALL, g + o, LE)
              .mul(FloatVector.fromMemorySegment(F, ALL, w + o, LE));
      s =
          v.fma(
              FloatVector.fromMemorySegment(F, ALL, x + o, LE).sub(FloatVector.broadcast(F, mean)),
              s);
    }
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

  private static float covarianceTail(long g, long w, long x, long n, float mean) {
    VectorMask<Float> in =
        Lanes.IOTA.compare(VectorOperators.LT, FloatVector.broadcast(F, (float) (n)));
    FloatVector v =
        FloatVector.fromMemorySegment(F, ALL, g, LE, in)
            .mul(FloatVector.fromMemorySegment(F, ALL, w, LE, in));
    FloatVector s =
        v.mul(FloatVector.fromMemorySegment(F, ALL, x, LE, in).sub(FloatVector.broadcast(F, mean)));
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

  /** Σ g·(x − mean). */
  static double covariance(long g, long x, long n, float mean) {
    double total = 0;
    for (long i = 0; i < n; i += BLOCK) {
      long o = 4 * i;
      long bytes = 4 * (Math.min(BLOCK, n - i) & -LANES);
      if (bytes != 0) {
        total += crossBlock(g + o, x + o, bytes, mean);
      }
    }
    long whole = n & -LANES;
    return whole == n ? total : total + crossTail(g + 4 * whole, x + 4 * whole, n - whole, mean);
  }

  private static float crossBlock(long g, long x, long bytes, float mean) {
    FloatVector s = FloatVector.zero(F);
    for (long o = 0; o < bytes; o += BYTES) {
      FloatVector v =
          FloatVector.fromMemorySegment(F, ALL, x + o, LE).sub(FloatVector.broadcast(F, mean));
      s = v.fma(FloatVector.fromMemorySegment(F, ALL, g + o, LE), s);
    }
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

  private static float crossTail(long g, long x, long n, float mean) {
    VectorMask<Float> in =
        Lanes.IOTA.compare(VectorOperators.LT, FloatVector.broadcast(F, (float) (n)));
    FloatVector v =
        FloatVector.fromMemorySegment(F, ALL, x, LE, in).sub(FloatVector.broadcast(F, mean));
    FloatVector s = v.mul(FloatVector.fromMemorySegment(F, ALL, g, LE, in));
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
}
