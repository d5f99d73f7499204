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
 * The sum of two rows, z = x + y, written, and on the way Σ z or Σ z²: the bits of {@link
 * RowSums#sum} and {@link RowSums#dot} of z, in one pass instead of two. z may lie over x or y.
 */
final class AddRows {
  private static final long STEP = 4L * LANES;
  private static final long STEP_BYTES = 4L * BYTES;

  private AddRows() {}

  /** z = x + y; Σ z. */
  static double sum(long z, long x, long y, long n) {
    double total = 0;
    for (long i = 0; i < n; i += RowSums.BLOCK) {
      long count = Math.min(RowSums.BLOCK, n - i);
      long whole = count & -STEP;
      long o = 4 * i;
      if (whole != 0) {
        total += sumBlock(z + o, x + o, y + o, 4 * whole);
      }
      if (whole != count) {
        long rest = o + 4 * whole;
        total += sumTail(z + rest, x + rest, y + rest, count - whole);
      }
    }
    return total;
  }

  private static float sumBlock(long z, long x, long y, long bytes) {
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = FloatVector.zero(F);
    FloatVector s2 = FloatVector.zero(F);
    FloatVector s3 = FloatVector.zero(F);
    for (long o = 0; o < bytes; o += STEP_BYTES) {
      FloatVector z0 =
          FloatVector.fromMemorySegment(F, ALL, x + o, LE)
              .add(FloatVector.fromMemorySegment(F, ALL, y + o, LE));
      FloatVector z1 =
          FloatVector.fromMemorySegment(F, ALL, x + o + BYTES, LE)
              .add(FloatVector.fromMemorySegment(F, ALL, y + o + BYTES, LE));
      FloatVector z2 =
          FloatVector.fromMemorySegment(F, ALL, x + o + 2 * BYTES, LE)
              .add(FloatVector.fromMemorySegment(F, ALL, y + o + 2 * BYTES, LE));
      FloatVector z3 =
          FloatVector.fromMemorySegment(F, ALL, x + o + 3 * BYTES, LE)
              .add(FloatVector.fromMemorySegment(F, ALL, y + o + 3 * BYTES, LE));
      z0.intoMemorySegment(ALL, z + o, LE);
      z1.intoMemorySegment(ALL, z + o + BYTES, LE);
      z2.intoMemorySegment(ALL, z + o + 2 * BYTES, LE);
      z3.intoMemorySegment(ALL, z + o + 3 * BYTES, LE);
      s0 = s0.add(z0);
      s1 = s1.add(z1);
      s2 = s2.add(z2);
      s3 = s3.add(z3);
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

  private static float sumTail(long z, long x, long y, long n) {
    FloatVector s = FloatVector.zero(F);
    for (long i = 0; i < n; i += LANES) {
      VectorMask<Float> in =
          Lanes.IOTA.compare(VectorOperators.LT, FloatVector.broadcast(F, (float) (n - i)));
      FloatVector v =
          FloatVector.fromMemorySegment(F, ALL, x + 4 * i, LE, in)
              .add(FloatVector.fromMemorySegment(F, ALL, y + 4 * i, LE, in));
      v.intoMemorySegment(ALL, z + 4 * i, LE, in);
      s = s.add(v);
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

  /** z = x + y; Σ z². */
  static double squares(long z, long x, long y, long n) {
    double total = 0;
    for (long i = 0; i < n; i += RowSums.BLOCK) {
      long count = Math.min(RowSums.BLOCK, n - i);
      long whole = count & -STEP;
      long o = 4 * i;
      if (whole != 0) {
        total += squaresBlock(z + o, x + o, y + o, 4 * whole);
      }
      if (whole != count) {
        long rest = o + 4 * whole;
        total += squaresTail(z + rest, x + rest, y + rest, count - whole);
      }
    }
    return total;
  }

  private static float squaresBlock(long z, long x, long y, long bytes) {
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = FloatVector.zero(F);
    FloatVector s2 = FloatVector.zero(F);
    FloatVector s3 = FloatVector.zero(F);
    for (long o = 0; o < bytes; o += STEP_BYTES) {
      FloatVector z0 =
          FloatVector.fromMemorySegment(F, ALL, x + o, LE)
              .add(FloatVector.fromMemorySegment(F, ALL, y + o, LE));
      FloatVector z1 =
          FloatVector.fromMemorySegment(F, ALL, x + o + BYTES, LE)
              .add(FloatVector.fromMemorySegment(F, ALL, y + o + BYTES, LE));
      FloatVector z2 =
          FloatVector.fromMemorySegment(F, ALL, x + o + 2 * BYTES, LE)
              .add(FloatVector.fromMemorySegment(F, ALL, y + o + 2 * BYTES, LE));
      FloatVector z3 =
          FloatVector.fromMemorySegment(F, ALL, x + o + 3 * BYTES, LE)
              .add(FloatVector.fromMemorySegment(F, ALL, y + o + 3 * BYTES, LE));
      z0.intoMemorySegment(ALL, z + o, LE);
      z1.intoMemorySegment(ALL, z + o + BYTES, LE);
      z2.intoMemorySegment(ALL, z + o + 2 * BYTES, LE);
      z3.intoMemorySegment(ALL, z + o + 3 * BYTES, LE);
      s0 = z0.fma(z0, s0);
      s1 = z1.fma(z1, s1);
      s2 = z2.fma(z2, s2);
      s3 = z3.fma(z3, s3);
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

  private static float squaresTail(long z, long x, long y, long n) {
    FloatVector s = FloatVector.zero(F);
    for (long i = 0; i < n; i += LANES) {
      VectorMask<Float> in =
          Lanes.IOTA.compare(VectorOperators.LT, FloatVector.broadcast(F, (float) (n - i)));
      FloatVector v =
          FloatVector.fromMemorySegment(F, ALL, x + 4 * i, LE, in)
              .add(FloatVector.fromMemorySegment(F, ALL, y + 4 * i, LE, in));
      v.intoMemorySegment(ALL, z + 4 * i, LE, in);
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
}
