package dev.harpia.simd;

import static dev.harpia.simd.Vectors.ALL;
import static dev.harpia.simd.Vectors.BYTES;
import static dev.harpia.simd.Vectors.F;
import static dev.harpia.simd.Vectors.FLOAT;
import static dev.harpia.simd.Vectors.LE;

import jdk.incubator.vector.FloatVector;

/**
 * Register tiles, four vectors wide, of a matrix product whose right-hand side lies in panels: the
 * inner loops of the recurrent and the attention kernels.
 *
 * <p>All strides are bytes: {@code ar} and {@code ak} from one row and one column of A to the next
 * (so A may be transposed), {@code bk} from one row of B to the next (the vectors of a row are
 * adjacent), {@code cr} from one row of C to the next and {@code cs} from one vector of a row to
 * the next (so a tile can write the gates of one hidden unit, which lie apart). The tiles are
 * written out because vectors stay in registers only as locals of one loop.
 */
final class WideTiles {
  private WideTiles() {}

  /** C [4, 4 vectors] = or += A [4, k] · B [k, 4 vectors]. */
  static void tile4x4(
      long a, long ar, long ak, long b, long bk, int k, long c, long cr, long cs, boolean add) {
    long a1 = a + ar;
    long a2 = a1 + ar;
    long a3 = a2 + ar;
    FloatVector c00 = FloatVector.zero(F);
    FloatVector c01 = FloatVector.zero(F);
    FloatVector c02 = FloatVector.zero(F);
    FloatVector c03 = FloatVector.zero(F);
    FloatVector c10 = FloatVector.zero(F);
    FloatVector c11 = FloatVector.zero(F);
    FloatVector c12 = FloatVector.zero(F);
    FloatVector c13 = FloatVector.zero(F);
    FloatVector c20 = FloatVector.zero(F);
    FloatVector c21 = FloatVector.zero(F);
    FloatVector c22 = FloatVector.zero(F);
    FloatVector c23 = FloatVector.zero(F);
    FloatVector c30 = FloatVector.zero(F);
    FloatVector c31 = FloatVector.zero(F);
    FloatVector c32 = FloatVector.zero(F);
    FloatVector c33 = FloatVector.zero(F);
    long p = 0;
    for (int q = 0; q < k; q++) {
      FloatVector b0 = FloatVector.fromMemorySegment(F, ALL, b, LE);
      FloatVector b1 = FloatVector.fromMemorySegment(F, ALL, b + BYTES, LE);
      FloatVector b2 = FloatVector.fromMemorySegment(F, ALL, b + 2 * BYTES, LE);
      FloatVector b3 = FloatVector.fromMemorySegment(F, ALL, b + 3 * BYTES, LE);
      FloatVector v0 = FloatVector.broadcast(F, ALL.get(FLOAT, a + p));
      c00 = v0.fma(b0, c00);
      c01 = v0.fma(b1, c01);
      c02 = v0.fma(b2, c02);
      c03 = v0.fma(b3, c03);
      FloatVector v1 = FloatVector.broadcast(F, ALL.get(FLOAT, a1 + p));
      c10 = v1.fma(b0, c10);
      c11 = v1.fma(b1, c11);
      c12 = v1.fma(b2, c12);
      c13 = v1.fma(b3, c13);
      FloatVector v2 = FloatVector.broadcast(F, ALL.get(FLOAT, a2 + p));
      c20 = v2.fma(b0, c20);
      c21 = v2.fma(b1, c21);
      c22 = v2.fma(b2, c22);
      c23 = v2.fma(b3, c23);
      FloatVector v3 = FloatVector.broadcast(F, ALL.get(FLOAT, a3 + p));
      c30 = v3.fma(b0, c30);
      c31 = v3.fma(b1, c31);
      c32 = v3.fma(b2, c32);
      c33 = v3.fma(b3, c33);
      p += ak;
      b += bk;
    }
    if (add) {
      c00.add(FloatVector.fromMemorySegment(F, ALL, c, LE)).intoMemorySegment(ALL, c, LE);
      c01.add(FloatVector.fromMemorySegment(F, ALL, c + cs, LE)).intoMemorySegment(ALL, c + cs, LE);
      c02.add(FloatVector.fromMemorySegment(F, ALL, c + 2 * cs, LE))
          .intoMemorySegment(ALL, c + 2 * cs, LE);
      c03.add(FloatVector.fromMemorySegment(F, ALL, c + 3 * cs, LE))
          .intoMemorySegment(ALL, c + 3 * cs, LE);
      c10.add(FloatVector.fromMemorySegment(F, ALL, c + cr, LE)).intoMemorySegment(ALL, c + cr, LE);
      c11.add(FloatVector.fromMemorySegment(F, ALL, c + cr + cs, LE))
          .intoMemorySegment(ALL, c + cr + cs, LE);
      c12.add(FloatVector.fromMemorySegment(F, ALL, c + cr + 2 * cs, LE))
          .intoMemorySegment(ALL, c + cr + 2 * cs, LE);
      c13.add(FloatVector.fromMemorySegment(F, ALL, c + cr + 3 * cs, LE))
          .intoMemorySegment(ALL, c + cr + 3 * cs, LE);
      c20.add(FloatVector.fromMemorySegment(F, ALL, c + 2 * cr, LE))
          .intoMemorySegment(ALL, c + 2 * cr, LE);
      c21.add(FloatVector.fromMemorySegment(F, ALL, c + 2 * cr + cs, LE))
          .intoMemorySegment(ALL, c + 2 * cr + cs, LE);
      c22.add(FloatVector.fromMemorySegment(F, ALL, c + 2 * cr + 2 * cs, LE))
          .intoMemorySegment(ALL, c + 2 * cr + 2 * cs, LE);
      c23.add(FloatVector.fromMemorySegment(F, ALL, c + 2 * cr + 3 * cs, LE))
          .intoMemorySegment(ALL, c + 2 * cr + 3 * cs, LE);
      c30.add(FloatVector.fromMemorySegment(F, ALL, c + 3 * cr, LE))
          .intoMemorySegment(ALL, c + 3 * cr, LE);
      c31.add(FloatVector.fromMemorySegment(F, ALL, c + 3 * cr + cs, LE))
          .intoMemorySegment(ALL, c + 3 * cr + cs, LE);
      c32.add(FloatVector.fromMemorySegment(F, ALL, c + 3 * cr + 2 * cs, LE))
          .intoMemorySegment(ALL, c + 3 * cr + 2 * cs, LE);
      c33.add(FloatVector.fromMemorySegment(F, ALL, c + 3 * cr + 3 * cs, LE))
          .intoMemorySegment(ALL, c + 3 * cr + 3 * cs, LE);
    } else {
      c00.intoMemorySegment(ALL, c, LE);
      c01.intoMemorySegment(ALL, c + cs, LE);
      c02.intoMemorySegment(ALL, c + 2 * cs, LE);
      c03.intoMemorySegment(ALL, c + 3 * cs, LE);
      c10.intoMemorySegment(ALL, c + cr, LE);
      c11.intoMemorySegment(ALL, c + cr + cs, LE);
      c12.intoMemorySegment(ALL, c + cr + 2 * cs, LE);
      c13.intoMemorySegment(ALL, c + cr + 3 * cs, LE);
      c20.intoMemorySegment(ALL, c + 2 * cr, LE);
      c21.intoMemorySegment(ALL, c + 2 * cr + cs, LE);
      c22.intoMemorySegment(ALL, c + 2 * cr + 2 * cs, LE);
      c23.intoMemorySegment(ALL, c + 2 * cr + 3 * cs, LE);
      c30.intoMemorySegment(ALL, c + 3 * cr, LE);
      c31.intoMemorySegment(ALL, c + 3 * cr + cs, LE);
      c32.intoMemorySegment(ALL, c + 3 * cr + 2 * cs, LE);
      c33.intoMemorySegment(ALL, c + 3 * cr + 3 * cs, LE);
    }
  }

  /** C [2, 4 vectors] = or += A [2, k] · B [k, 4 vectors]. */
  static void tile2x4(
      long a, long ar, long ak, long b, long bk, int k, long c, long cr, long cs, boolean add) {
    long a1 = a + ar;
    FloatVector c00 = FloatVector.zero(F);
    FloatVector c01 = FloatVector.zero(F);
    FloatVector c02 = FloatVector.zero(F);
    FloatVector c03 = FloatVector.zero(F);
    FloatVector c10 = FloatVector.zero(F);
    FloatVector c11 = FloatVector.zero(F);
    FloatVector c12 = FloatVector.zero(F);
    FloatVector c13 = FloatVector.zero(F);
    long p = 0;
    for (int q = 0; q < k; q++) {
      FloatVector b0 = FloatVector.fromMemorySegment(F, ALL, b, LE);
      FloatVector b1 = FloatVector.fromMemorySegment(F, ALL, b + BYTES, LE);
      FloatVector b2 = FloatVector.fromMemorySegment(F, ALL, b + 2 * BYTES, LE);
      FloatVector b3 = FloatVector.fromMemorySegment(F, ALL, b + 3 * BYTES, LE);
      FloatVector v0 = FloatVector.broadcast(F, ALL.get(FLOAT, a + p));
      c00 = v0.fma(b0, c00);
      c01 = v0.fma(b1, c01);
      c02 = v0.fma(b2, c02);
      c03 = v0.fma(b3, c03);
      FloatVector v1 = FloatVector.broadcast(F, ALL.get(FLOAT, a1 + p));
      c10 = v1.fma(b0, c10);
      c11 = v1.fma(b1, c11);
      c12 = v1.fma(b2, c12);
      c13 = v1.fma(b3, c13);
      p += ak;
      b += bk;
    }
    if (add) {
      c00.add(FloatVector.fromMemorySegment(F, ALL, c, LE)).intoMemorySegment(ALL, c, LE);
      c01.add(FloatVector.fromMemorySegment(F, ALL, c + cs, LE)).intoMemorySegment(ALL, c + cs, LE);
      c02.add(FloatVector.fromMemorySegment(F, ALL, c + 2 * cs, LE))
          .intoMemorySegment(ALL, c + 2 * cs, LE);
      c03.add(FloatVector.fromMemorySegment(F, ALL, c + 3 * cs, LE))
          .intoMemorySegment(ALL, c + 3 * cs, LE);
      c10.add(FloatVector.fromMemorySegment(F, ALL, c + cr, LE)).intoMemorySegment(ALL, c + cr, LE);
      c11.add(FloatVector.fromMemorySegment(F, ALL, c + cr + cs, LE))
          .intoMemorySegment(ALL, c + cr + cs, LE);
      c12.add(FloatVector.fromMemorySegment(F, ALL, c + cr + 2 * cs, LE))
          .intoMemorySegment(ALL, c + cr + 2 * cs, LE);
      c13.add(FloatVector.fromMemorySegment(F, ALL, c + cr + 3 * cs, LE))
          .intoMemorySegment(ALL, c + cr + 3 * cs, LE);
    } else {
      c00.intoMemorySegment(ALL, c, LE);
      c01.intoMemorySegment(ALL, c + cs, LE);
      c02.intoMemorySegment(ALL, c + 2 * cs, LE);
      c03.intoMemorySegment(ALL, c + 3 * cs, LE);
      c10.intoMemorySegment(ALL, c + cr, LE);
      c11.intoMemorySegment(ALL, c + cr + cs, LE);
      c12.intoMemorySegment(ALL, c + cr + 2 * cs, LE);
      c13.intoMemorySegment(ALL, c + cr + 3 * cs, LE);
    }
  }

  /** C [1, 4 vectors] = or += A [1, k] · B [k, 4 vectors]. */
  static void tile1x4(
      long a, long ar, long ak, long b, long bk, int k, long c, long cr, long cs, boolean add) {
    FloatVector c00 = FloatVector.zero(F);
    FloatVector c01 = FloatVector.zero(F);
    FloatVector c02 = FloatVector.zero(F);
    FloatVector c03 = FloatVector.zero(F);
    long p = 0;
    for (int q = 0; q < k; q++) {
      FloatVector b0 = FloatVector.fromMemorySegment(F, ALL, b, LE);
      FloatVector b1 = FloatVector.fromMemorySegment(F, ALL, b + BYTES, LE);
      FloatVector b2 = FloatVector.fromMemorySegment(F, ALL, b + 2 * BYTES, LE);
      FloatVector b3 = FloatVector.fromMemorySegment(F, ALL, b + 3 * BYTES, LE);
      FloatVector v0 = FloatVector.broadcast(F, ALL.get(FLOAT, a + p));
      c00 = v0.fma(b0, c00);
      c01 = v0.fma(b1, c01);
      c02 = v0.fma(b2, c02);
      c03 = v0.fma(b3, c03);
      p += ak;
      b += bk;
    }
    if (add) {
      c00.add(FloatVector.fromMemorySegment(F, ALL, c, LE)).intoMemorySegment(ALL, c, LE);
      c01.add(FloatVector.fromMemorySegment(F, ALL, c + cs, LE)).intoMemorySegment(ALL, c + cs, LE);
      c02.add(FloatVector.fromMemorySegment(F, ALL, c + 2 * cs, LE))
          .intoMemorySegment(ALL, c + 2 * cs, LE);
      c03.add(FloatVector.fromMemorySegment(F, ALL, c + 3 * cs, LE))
          .intoMemorySegment(ALL, c + 3 * cs, LE);
    } else {
      c00.intoMemorySegment(ALL, c, LE);
      c01.intoMemorySegment(ALL, c + cs, LE);
      c02.intoMemorySegment(ALL, c + 2 * cs, LE);
      c03.intoMemorySegment(ALL, c + 3 * cs, LE);
    }
  }
}
