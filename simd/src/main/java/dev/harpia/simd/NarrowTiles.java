package dev.harpia.simd;

import static dev.harpia.simd.Vectors.ALL;
import static dev.harpia.simd.Vectors.BYTES;
import static dev.harpia.simd.Vectors.F;
import static dev.harpia.simd.Vectors.FLOAT;
import static dev.harpia.simd.Vectors.LE;

import jdk.incubator.vector.FloatVector;

/**
 * Register tiles of one to three vectors: the edges of {@link WideTiles}, and the three gates of a
 * GRU.
 */
final class NarrowTiles {
  private NarrowTiles() {}

  /** C [4, 3 vectors] = init + A [4, k] · B [k, 3 vectors]. */
  static void tile4x3(
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
    FloatVector c10 = FloatVector.fromMemorySegment(F, ALL, init + ir, LE);
    FloatVector c11 = FloatVector.fromMemorySegment(F, ALL, init + ir + is, LE);
    FloatVector c12 = FloatVector.fromMemorySegment(F, ALL, init + ir + 2 * is, LE);
    FloatVector c20 = FloatVector.fromMemorySegment(F, ALL, init + 2 * ir, LE);
    FloatVector c21 = FloatVector.fromMemorySegment(F, ALL, init + 2 * ir + is, LE);
    FloatVector c22 = FloatVector.fromMemorySegment(F, ALL, init + 2 * ir + 2 * is, LE);
    FloatVector c30 = FloatVector.fromMemorySegment(F, ALL, init + 3 * ir, LE);
    FloatVector c31 = FloatVector.fromMemorySegment(F, ALL, init + 3 * ir + is, LE);
    FloatVector c32 = FloatVector.fromMemorySegment(F, ALL, init + 3 * ir + 2 * is, LE);
    long p = 0;
    for (int q = 0; q < k; q++) {
      FloatVector b0 = FloatVector.fromMemorySegment(F, ALL, b, LE);
      FloatVector b1 = FloatVector.fromMemorySegment(F, ALL, b + BYTES, LE);
      FloatVector b2 = FloatVector.fromMemorySegment(F, ALL, b + 2 * BYTES, LE);
      FloatVector v0 = FloatVector.broadcast(F, ALL.get(FLOAT, a + p));
      c00 = v0.fma(b0, c00);
      c01 = v0.fma(b1, c01);
      c02 = v0.fma(b2, c02);
      FloatVector v1 = FloatVector.broadcast(F, ALL.get(FLOAT, a1 + p));
      c10 = v1.fma(b0, c10);
      c11 = v1.fma(b1, c11);
      c12 = v1.fma(b2, c12);
      FloatVector v2 = FloatVector.broadcast(F, ALL.get(FLOAT, a2 + p));
      c20 = v2.fma(b0, c20);
      c21 = v2.fma(b1, c21);
      c22 = v2.fma(b2, c22);
      FloatVector v3 = FloatVector.broadcast(F, ALL.get(FLOAT, a3 + p));
      c30 = v3.fma(b0, c30);
      c31 = v3.fma(b1, c31);
      c32 = v3.fma(b2, c32);
      p += ak;
      b += bk;
    }
    c00.intoMemorySegment(ALL, c, LE);
    c01.intoMemorySegment(ALL, c + cs, LE);
    c02.intoMemorySegment(ALL, c + 2 * cs, LE);
    c10.intoMemorySegment(ALL, c + cr, LE);
    c11.intoMemorySegment(ALL, c + cr + cs, LE);
    c12.intoMemorySegment(ALL, c + cr + 2 * cs, LE);
    c20.intoMemorySegment(ALL, c + 2 * cr, LE);
    c21.intoMemorySegment(ALL, c + 2 * cr + cs, LE);
    c22.intoMemorySegment(ALL, c + 2 * cr + 2 * cs, LE);
    c30.intoMemorySegment(ALL, c + 3 * cr, LE);
    c31.intoMemorySegment(ALL, c + 3 * cr + cs, LE);
    c32.intoMemorySegment(ALL, c + 3 * cr + 2 * cs, LE);
  }

  /** C [2, 3 vectors] = init + A [2, k] · B [k, 3 vectors]. */
  static void tile2x3(
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
    FloatVector c10 = FloatVector.fromMemorySegment(F, ALL, init + ir, LE);
    FloatVector c11 = FloatVector.fromMemorySegment(F, ALL, init + ir + is, LE);
    FloatVector c12 = FloatVector.fromMemorySegment(F, ALL, init + ir + 2 * is, LE);
    long p = 0;
    for (int q = 0; q < k; q++) {
      FloatVector b0 = FloatVector.fromMemorySegment(F, ALL, b, LE);
      FloatVector b1 = FloatVector.fromMemorySegment(F, ALL, b + BYTES, LE);
      FloatVector b2 = FloatVector.fromMemorySegment(F, ALL, b + 2 * BYTES, LE);
      FloatVector v0 = FloatVector.broadcast(F, ALL.get(FLOAT, a + p));
      c00 = v0.fma(b0, c00);
      c01 = v0.fma(b1, c01);
      c02 = v0.fma(b2, c02);
      FloatVector v1 = FloatVector.broadcast(F, ALL.get(FLOAT, a1 + p));
      c10 = v1.fma(b0, c10);
      c11 = v1.fma(b1, c11);
      c12 = v1.fma(b2, c12);
      p += ak;
      b += bk;
    }
    c00.intoMemorySegment(ALL, c, LE);
    c01.intoMemorySegment(ALL, c + cs, LE);
    c02.intoMemorySegment(ALL, c + 2 * cs, LE);
    c10.intoMemorySegment(ALL, c + cr, LE);
    c11.intoMemorySegment(ALL, c + cr + cs, LE);
    c12.intoMemorySegment(ALL, c + cr + 2 * cs, LE);
  }

  /** C [1, 3 vectors] = init + A [1, k] · B [k, 3 vectors]. */
  static void tile1x3(
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
    long p = 0;
    for (int q = 0; q < k; q++) {
      FloatVector b0 = FloatVector.fromMemorySegment(F, ALL, b, LE);
      FloatVector b1 = FloatVector.fromMemorySegment(F, ALL, b + BYTES, LE);
      FloatVector b2 = FloatVector.fromMemorySegment(F, ALL, b + 2 * BYTES, LE);
      FloatVector v0 = FloatVector.broadcast(F, ALL.get(FLOAT, a + p));
      c00 = v0.fma(b0, c00);
      c01 = v0.fma(b1, c01);
      c02 = v0.fma(b2, c02);
      p += ak;
      b += bk;
    }
    c00.intoMemorySegment(ALL, c, LE);
    c01.intoMemorySegment(ALL, c + cs, LE);
    c02.intoMemorySegment(ALL, c + 2 * cs, LE);
  }

  /** C [4, 2 vectors] = init + A [4, k] · B [k, 2 vectors]. */
  static void tile4x2(
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
    FloatVector c10 = FloatVector.fromMemorySegment(F, ALL, init + ir, LE);
    FloatVector c11 = FloatVector.fromMemorySegment(F, ALL, init + ir + is, LE);
    FloatVector c20 = FloatVector.fromMemorySegment(F, ALL, init + 2 * ir, LE);
    FloatVector c21 = FloatVector.fromMemorySegment(F, ALL, init + 2 * ir + is, LE);
    FloatVector c30 = FloatVector.fromMemorySegment(F, ALL, init + 3 * ir, LE);
    FloatVector c31 = FloatVector.fromMemorySegment(F, ALL, init + 3 * ir + is, LE);
    long p = 0;
    for (int q = 0; q < k; q++) {
      FloatVector b0 = FloatVector.fromMemorySegment(F, ALL, b, LE);
      FloatVector b1 = FloatVector.fromMemorySegment(F, ALL, b + BYTES, LE);
      FloatVector v0 = FloatVector.broadcast(F, ALL.get(FLOAT, a + p));
      c00 = v0.fma(b0, c00);
      c01 = v0.fma(b1, c01);
      FloatVector v1 = FloatVector.broadcast(F, ALL.get(FLOAT, a1 + p));
      c10 = v1.fma(b0, c10);
      c11 = v1.fma(b1, c11);
      FloatVector v2 = FloatVector.broadcast(F, ALL.get(FLOAT, a2 + p));
      c20 = v2.fma(b0, c20);
      c21 = v2.fma(b1, c21);
      FloatVector v3 = FloatVector.broadcast(F, ALL.get(FLOAT, a3 + p));
      c30 = v3.fma(b0, c30);
      c31 = v3.fma(b1, c31);
      p += ak;
      b += bk;
    }
    c00.intoMemorySegment(ALL, c, LE);
    c01.intoMemorySegment(ALL, c + cs, LE);
    c10.intoMemorySegment(ALL, c + cr, LE);
    c11.intoMemorySegment(ALL, c + cr + cs, LE);
    c20.intoMemorySegment(ALL, c + 2 * cr, LE);
    c21.intoMemorySegment(ALL, c + 2 * cr + cs, LE);
    c30.intoMemorySegment(ALL, c + 3 * cr, LE);
    c31.intoMemorySegment(ALL, c + 3 * cr + cs, LE);
  }

  /** C [1, 2 vectors] = init + A [1, k] · B [k, 2 vectors]. */
  static void tile1x2(
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
    long p = 0;
    for (int q = 0; q < k; q++) {
      FloatVector b0 = FloatVector.fromMemorySegment(F, ALL, b, LE);
      FloatVector b1 = FloatVector.fromMemorySegment(F, ALL, b + BYTES, LE);
      FloatVector v0 = FloatVector.broadcast(F, ALL.get(FLOAT, a + p));
      c00 = v0.fma(b0, c00);
      c01 = v0.fma(b1, c01);
      p += ak;
      b += bk;
    }
    c00.intoMemorySegment(ALL, c, LE);
    c01.intoMemorySegment(ALL, c + cs, LE);
  }

  /** C [4, 1 vectors] = init + A [4, k] · B [k, 1 vectors]. */
  static void tile4x1(
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
    FloatVector c10 = FloatVector.fromMemorySegment(F, ALL, init + ir, LE);
    FloatVector c20 = FloatVector.fromMemorySegment(F, ALL, init + 2 * ir, LE);
    FloatVector c30 = FloatVector.fromMemorySegment(F, ALL, init + 3 * ir, LE);
    long p = 0;
    for (int q = 0; q < k; q++) {
      FloatVector b0 = FloatVector.fromMemorySegment(F, ALL, b, LE);
      FloatVector v0 = FloatVector.broadcast(F, ALL.get(FLOAT, a + p));
      c00 = v0.fma(b0, c00);
      FloatVector v1 = FloatVector.broadcast(F, ALL.get(FLOAT, a1 + p));
      c10 = v1.fma(b0, c10);
      FloatVector v2 = FloatVector.broadcast(F, ALL.get(FLOAT, a2 + p));
      c20 = v2.fma(b0, c20);
      FloatVector v3 = FloatVector.broadcast(F, ALL.get(FLOAT, a3 + p));
      c30 = v3.fma(b0, c30);
      p += ak;
      b += bk;
    }
    c00.intoMemorySegment(ALL, c, LE);
    c10.intoMemorySegment(ALL, c + cr, LE);
    c20.intoMemorySegment(ALL, c + 2 * cr, LE);
    c30.intoMemorySegment(ALL, c + 3 * cr, LE);
  }

  /** C [1, 1 vectors] = init + A [1, k] · B [k, 1 vectors]. */
  static void tile1x1(
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
    long p = 0;
    for (int q = 0; q < k; q++) {
      FloatVector b0 = FloatVector.fromMemorySegment(F, ALL, b, LE);
      FloatVector v0 = FloatVector.broadcast(F, ALL.get(FLOAT, a + p));
      c00 = v0.fma(b0, c00);
      p += ak;
      b += bk;
    }
    c00.intoMemorySegment(ALL, c, LE);
  }
}
