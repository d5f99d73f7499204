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
 * the next (so a tile can write the gates of one hidden unit, which lie apart); {@code ir} and
 * {@code is} likewise for what the sums start from: C itself, or zeros. The tiles are written out
 * because vectors stay in registers only as locals of one loop.
 */
final class WideTiles {
  private WideTiles() {}

  /** C [4, 4 vectors] = init + A [4, k] · B [k, 4 vectors]. */
  static void tile4x4(
      long a,
      long ar,
      long ak,
      long b,
      long bk,
      int k,
      long init,
      long ir,
      long is,
      long c,
      long cr,
      long cs) {
    long a1 = a + ar;
    long a2 = a1 + ar;
    long a3 = a2 + ar;
    FloatVector c00 = FloatVector.fromMemorySegment(F, ALL, init, LE);
    FloatVector c01 = FloatVector.fromMemorySegment(F, ALL, init + is, LE);
    FloatVector c02 = FloatVector.fromMemorySegment(F, ALL, init + 2 * is, LE);
    FloatVector c03 = FloatVector.fromMemorySegment(F, ALL, init + 3 * is, LE);
    FloatVector c10 = FloatVector.fromMemorySegment(F, ALL, init + ir, LE);
    FloatVector c11 = FloatVector.fromMemorySegment(F, ALL, init + ir + is, LE);
    FloatVector c12 = FloatVector.fromMemorySegment(F, ALL, init + ir + 2 * is, LE);
    FloatVector c13 = FloatVector.fromMemorySegment(F, ALL, init + ir + 3 * is, LE);
    FloatVector c20 = FloatVector.fromMemorySegment(F, ALL, init + 2 * ir, LE);
    FloatVector c21 = FloatVector.fromMemorySegment(F, ALL, init + 2 * ir + is, LE);
    FloatVector c22 = FloatVector.fromMemorySegment(F, ALL, init + 2 * ir + 2 * is, LE);
    FloatVector c23 = FloatVector.fromMemorySegment(F, ALL, init + 2 * ir + 3 * is, LE);
    FloatVector c30 = FloatVector.fromMemorySegment(F, ALL, init + 3 * ir, LE);
    FloatVector c31 = FloatVector.fromMemorySegment(F, ALL, init + 3 * ir + is, LE);
    FloatVector c32 = FloatVector.fromMemorySegment(F, ALL, init + 3 * ir + 2 * is, LE);
    FloatVector c33 = FloatVector.fromMemorySegment(F, ALL, init + 3 * ir + 3 * is, LE);
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

  /** C [2, 4 vectors] = init + A [2, k] · B [k, 4 vectors]. */
  static void tile2x4(
      long a,
      long ar,
      long ak,
      long b,
      long bk,
      int k,
      long init,
      long ir,
      long is,
      long c,
      long cr,
      long cs) {
    long a1 = a + ar;
    FloatVector c00 = FloatVector.fromMemorySegment(F, ALL, init, LE);
    FloatVector c01 = FloatVector.fromMemorySegment(F, ALL, init + is, LE);
    FloatVector c02 = FloatVector.fromMemorySegment(F, ALL, init + 2 * is, LE);
    FloatVector c03 = FloatVector.fromMemorySegment(F, ALL, init + 3 * is, LE);
    FloatVector c10 = FloatVector.fromMemorySegment(F, ALL, init + ir, LE);
    FloatVector c11 = FloatVector.fromMemorySegment(F, ALL, init + ir + is, LE);
    FloatVector c12 = FloatVector.fromMemorySegment(F, ALL, init + ir + 2 * is, LE);
    FloatVector c13 = FloatVector.fromMemorySegment(F, ALL, init + ir + 3 * is, LE);
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
    c00.intoMemorySegment(ALL, c, LE);
    c01.intoMemorySegment(ALL, c + cs, LE);
    c02.intoMemorySegment(ALL, c + 2 * cs, LE);
    c03.intoMemorySegment(ALL, c + 3 * cs, LE);
    c10.intoMemorySegment(ALL, c + cr, LE);
    c11.intoMemorySegment(ALL, c + cr + cs, LE);
    c12.intoMemorySegment(ALL, c + cr + 2 * cs, LE);
    c13.intoMemorySegment(ALL, c + cr + 3 * cs, LE);
  }

  /** C [1, 4 vectors] = init + A [1, k] · B [k, 4 vectors]. */
  static void tile1x4(
      long a,
      long ar,
      long ak,
      long b,
      long bk,
      int k,
      long init,
      long ir,
      long is,
      long c,
      long cr,
      long cs) {
    FloatVector c00 = FloatVector.fromMemorySegment(F, ALL, init, LE);
    FloatVector c01 = FloatVector.fromMemorySegment(F, ALL, init + is, LE);
    FloatVector c02 = FloatVector.fromMemorySegment(F, ALL, init + 2 * is, LE);
    FloatVector c03 = FloatVector.fromMemorySegment(F, ALL, init + 3 * is, LE);
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
    c00.intoMemorySegment(ALL, c, LE);
    c01.intoMemorySegment(ALL, c + cs, LE);
    c02.intoMemorySegment(ALL, c + 2 * cs, LE);
    c03.intoMemorySegment(ALL, c + 3 * cs, LE);
  }
}
