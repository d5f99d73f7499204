package dev.harpia.simd;

import static dev.harpia.simd.Vectors.ALL;
import static dev.harpia.simd.Vectors.BYTES;
import static dev.harpia.simd.Vectors.F;
import static dev.harpia.simd.Vectors.LANES;
import static dev.harpia.simd.Vectors.LE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * A few rows against the rows of a matrix, {@code C = X·Wᵀ + init} with X [m, k] and W [n, k]:
 * reads each row of W once and as it lies, so it runs at the speed of memory where a general
 * product would first have to turn W round.
 *
 * <p>Each product of rows is LANES chains of fused multiply-adds along k, summed in a fixed tree:
 * the same bits whatever rows are done together, but not the bits of {@link VectorGemm}.
 */
final class Gemv {
  /** Sums of one kernel call, a vector each. */
  private static final int SUMS = 16;

  private static final VectorShuffle<Float> HALF = rotate(8);
  private static final VectorShuffle<Float> QUARTER = rotate(4);
  private static final VectorShuffle<Float> PAIR = rotate(2);
  private static final VectorShuffle<Float> ODD = rotate(1);

  private static final SoonC2 ADVICE =
      new SoonC2("dev/harpia/simd/Gemv", "four", "eight", "twoByFour", "fourByFour");

  private Gemv() {}

  private static VectorShuffle<Float> rotate(int by) {
    return VectorShuffle.fromOp(F, i -> (i + by) % LANES);
  }

  /**
   * Multiplies. Strides are in bytes.
   *
   * @param init what is added, rows {@code si} apart (0 repeats one row), or 0 for nothing
   */
  static void run(
      int m,
      int n,
      int k,
      float alpha,
      long x,
      long sx,
      long w,
      long sw,
      long init,
      long si,
      boolean relu,
      long c,
      long sc) {
    ADVICE.before(m == 1 ? n / 8 : (long) m * (n / 4), k);
    Scratch scratch = Scratch.acquire(SUMS * (BYTES + 4L));
    long sums = scratch.address();
    int wide = m == 1 ? 8 : 4;
    for (int j = 0; j < n; ) {
      int q = n - j >= wide ? wide : 1;
      long wj = w + j * sw;
      for (int i = 0; i < m; ) {
        int r = q == 1 ? 1 : m - i >= 4 ? 4 : m - i >= 2 ? 2 : 1;
        long xi = x + i * sx;
        if (q == 1) {
          one(xi, wj, k, sums);
        } else if (q == 8) {
          eight(xi, wj, sw, k, sums);
        } else if (r == 4) {
          fourByFour(xi, sx, wj, sw, k, sums);
        } else if (r == 2) {
          twoByFour(xi, sx, wj, sw, k, sums);
        } else {
          four(xi, wj, sw, k, sums);
        }
        long totals = sums + SUMS * BYTES;
        total(sums, r * q, totals);
        for (int row = 0; row < r; row++) {
          long start = init == 0 ? 0 : init + (i + row) * si + 4L * j;
          finish(totals + 4L * row * q, q, alpha, start, relu, c + (i + row) * sc + 4L * j);
        }
        i += r;
      }
      j += q;
    }
    scratch.release();
  }

  private static void finish(long totals, int count, float alpha, long init, boolean relu, long c) {
    for (int j = 0; j < count; j++) {
      float value = alpha * Vectors.get(totals + 4L * j);
      if (init != 0) {
        value += Vectors.get(init + 4L * j);
      }
      Vectors.set(c + 4L * j, relu && value < 0 ? 0 : value);
    }
  }

  /** The sums over the lanes of {@code count} vectors. */
  private static void total(long from, int count, long to) {
    for (int i = 0; i < count; i++) {
      FloatVector s = FloatVector.fromMemorySegment(F, ALL, from + (long) i * BYTES, LE);
      if (LANES > 8) {
        s = s.add(s.rearrange(HALF));
      }
      if (LANES > 4) {
        s = s.add(s.rearrange(QUARTER));
      }
      if (LANES > 2) {
        s = s.add(s.rearrange(PAIR));
      }
      s = s.add(s.rearrange(ODD));
      Vectors.set(to + 4L * i, s.lane(0));
    }
  }

  private static void one(long x, long w, int k, long to) {
    FloatVector s00 = FloatVector.zero(F);
    long whole = 4L * (k - k % LANES);
    long o = 0;
    for (; o < whole; o += BYTES) {
      FloatVector a0 = FloatVector.fromMemorySegment(F, ALL, x + o, LE);
      FloatVector b0 = FloatVector.fromMemorySegment(F, ALL, w + o, LE);
      s00 = a0.fma(b0, s00);
    }
    if (k % LANES != 0) {
      VectorMask<Float> mask = F.indexInRange(0, k % LANES);
      FloatVector a0 = FloatVector.fromMemorySegment(F, ALL, x + o, LE, mask);
      FloatVector b0 = FloatVector.fromMemorySegment(F, ALL, w + o, LE, mask);
      s00 = a0.fma(b0, s00);
    }
    s00.intoMemorySegment(ALL, to, LE);
  }

  private static void four(long x, long w, long sw, int k, long to) {
    long w1 = w + sw;
    long w2 = w1 + sw;
    long w3 = w2 + sw;
    FloatVector s00 = FloatVector.zero(F);
    FloatVector s01 = FloatVector.zero(F);
    FloatVector s02 = FloatVector.zero(F);
    FloatVector s03 = FloatVector.zero(F);
    long whole = 4L * (k - k % LANES);
    long o = 0;
    for (; o < whole; o += BYTES) {
      FloatVector a0 = FloatVector.fromMemorySegment(F, ALL, x + o, LE);
      FloatVector b0 = FloatVector.fromMemorySegment(F, ALL, w + o, LE);
      s00 = a0.fma(b0, s00);
      FloatVector b1 = FloatVector.fromMemorySegment(F, ALL, w1 + o, LE);
      s01 = a0.fma(b1, s01);
      FloatVector b2 = FloatVector.fromMemorySegment(F, ALL, w2 + o, LE);
      s02 = a0.fma(b2, s02);
      FloatVector b3 = FloatVector.fromMemorySegment(F, ALL, w3 + o, LE);
      s03 = a0.fma(b3, s03);
    }
    if (k % LANES != 0) {
      VectorMask<Float> mask = F.indexInRange(0, k % LANES);
      FloatVector a0 = FloatVector.fromMemorySegment(F, ALL, x + o, LE, mask);
      FloatVector b0 = FloatVector.fromMemorySegment(F, ALL, w + o, LE, mask);
      s00 = a0.fma(b0, s00);
      FloatVector b1 = FloatVector.fromMemorySegment(F, ALL, w1 + o, LE, mask);
      s01 = a0.fma(b1, s01);
      FloatVector b2 = FloatVector.fromMemorySegment(F, ALL, w2 + o, LE, mask);
      s02 = a0.fma(b2, s02);
      FloatVector b3 = FloatVector.fromMemorySegment(F, ALL, w3 + o, LE, mask);
      s03 = a0.fma(b3, s03);
    }
    s00.intoMemorySegment(ALL, to, LE);
    s01.intoMemorySegment(ALL, to + 1L * BYTES, LE);
    s02.intoMemorySegment(ALL, to + 2L * BYTES, LE);
    s03.intoMemorySegment(ALL, to + 3L * BYTES, LE);
  }

  private static void eight(long x, long w, long sw, int k, long to) {
    long w1 = w + sw;
    long w2 = w1 + sw;
    long w3 = w2 + sw;
    long w4 = w3 + sw;
    long w5 = w4 + sw;
    long w6 = w5 + sw;
    long w7 = w6 + sw;
    FloatVector s00 = FloatVector.zero(F);
    FloatVector s01 = FloatVector.zero(F);
    FloatVector s02 = FloatVector.zero(F);
    FloatVector s03 = FloatVector.zero(F);
    FloatVector s04 = FloatVector.zero(F);
    FloatVector s05 = FloatVector.zero(F);
    FloatVector s06 = FloatVector.zero(F);
    FloatVector s07 = FloatVector.zero(F);
    long whole = 4L * (k - k % LANES);
    long o = 0;
    for (; o < whole; o += BYTES) {
      FloatVector a0 = FloatVector.fromMemorySegment(F, ALL, x + o, LE);
      FloatVector b0 = FloatVector.fromMemorySegment(F, ALL, w + o, LE);
      s00 = a0.fma(b0, s00);
      FloatVector b1 = FloatVector.fromMemorySegment(F, ALL, w1 + o, LE);
      s01 = a0.fma(b1, s01);
      FloatVector b2 = FloatVector.fromMemorySegment(F, ALL, w2 + o, LE);
      s02 = a0.fma(b2, s02);
      FloatVector b3 = FloatVector.fromMemorySegment(F, ALL, w3 + o, LE);
      s03 = a0.fma(b3, s03);
      FloatVector b4 = FloatVector.fromMemorySegment(F, ALL, w4 + o, LE);
      s04 = a0.fma(b4, s04);
      FloatVector b5 = FloatVector.fromMemorySegment(F, ALL, w5 + o, LE);
      s05 = a0.fma(b5, s05);
      FloatVector b6 = FloatVector.fromMemorySegment(F, ALL, w6 + o, LE);
      s06 = a0.fma(b6, s06);
      FloatVector b7 = FloatVector.fromMemorySegment(F, ALL, w7 + o, LE);
      s07 = a0.fma(b7, s07);
    }
    if (k % LANES != 0) {
      VectorMask<Float> mask = F.indexInRange(0, k % LANES);
      FloatVector a0 = FloatVector.fromMemorySegment(F, ALL, x + o, LE, mask);
      FloatVector b0 = FloatVector.fromMemorySegment(F, ALL, w + o, LE, mask);
      s00 = a0.fma(b0, s00);
      FloatVector b1 = FloatVector.fromMemorySegment(F, ALL, w1 + o, LE, mask);
      s01 = a0.fma(b1, s01);
      FloatVector b2 = FloatVector.fromMemorySegment(F, ALL, w2 + o, LE, mask);
      s02 = a0.fma(b2, s02);
      FloatVector b3 = FloatVector.fromMemorySegment(F, ALL, w3 + o, LE, mask);
      s03 = a0.fma(b3, s03);
      FloatVector b4 = FloatVector.fromMemorySegment(F, ALL, w4 + o, LE, mask);
      s04 = a0.fma(b4, s04);
      FloatVector b5 = FloatVector.fromMemorySegment(F, ALL, w5 + o, LE, mask);
      s05 = a0.fma(b5, s05);
      FloatVector b6 = FloatVector.fromMemorySegment(F, ALL, w6 + o, LE, mask);
      s06 = a0.fma(b6, s06);
      FloatVector b7 = FloatVector.fromMemorySegment(F, ALL, w7 + o, LE, mask);
      s07 = a0.fma(b7, s07);
    }
    s00.intoMemorySegment(ALL, to, LE);
    s01.intoMemorySegment(ALL, to + 1L * BYTES, LE);
    s02.intoMemorySegment(ALL, to + 2L * BYTES, LE);
    s03.intoMemorySegment(ALL, to + 3L * BYTES, LE);
    s04.intoMemorySegment(ALL, to + 4L * BYTES, LE);
    s05.intoMemorySegment(ALL, to + 5L * BYTES, LE);
    s06.intoMemorySegment(ALL, to + 6L * BYTES, LE);
    s07.intoMemorySegment(ALL, to + 7L * BYTES, LE);
  }

  private static void twoByFour(long x, long sx, long w, long sw, int k, long to) {
    long x1 = x + sx;
    long w1 = w + sw;
    long w2 = w1 + sw;
    long w3 = w2 + sw;
    FloatVector s00 = FloatVector.zero(F);
    FloatVector s01 = FloatVector.zero(F);
    FloatVector s02 = FloatVector.zero(F);
    FloatVector s03 = FloatVector.zero(F);
    FloatVector s10 = FloatVector.zero(F);
    FloatVector s11 = FloatVector.zero(F);
    FloatVector s12 = FloatVector.zero(F);
    FloatVector s13 = FloatVector.zero(F);
    long whole = 4L * (k - k % LANES);
    long o = 0;
    for (; o < whole; o += BYTES) {
      FloatVector a0 = FloatVector.fromMemorySegment(F, ALL, x + o, LE);
      FloatVector a1 = FloatVector.fromMemorySegment(F, ALL, x1 + o, LE);
      FloatVector b0 = FloatVector.fromMemorySegment(F, ALL, w + o, LE);
      s00 = a0.fma(b0, s00);
      s10 = a1.fma(b0, s10);
      FloatVector b1 = FloatVector.fromMemorySegment(F, ALL, w1 + o, LE);
      s01 = a0.fma(b1, s01);
      s11 = a1.fma(b1, s11);
      FloatVector b2 = FloatVector.fromMemorySegment(F, ALL, w2 + o, LE);
      s02 = a0.fma(b2, s02);
      s12 = a1.fma(b2, s12);
      FloatVector b3 = FloatVector.fromMemorySegment(F, ALL, w3 + o, LE);
      s03 = a0.fma(b3, s03);
      s13 = a1.fma(b3, s13);
    }
    if (k % LANES != 0) {
      VectorMask<Float> mask = F.indexInRange(0, k % LANES);
      FloatVector a0 = FloatVector.fromMemorySegment(F, ALL, x + o, LE, mask);
      FloatVector a1 = FloatVector.fromMemorySegment(F, ALL, x1 + o, LE, mask);
      FloatVector b0 = FloatVector.fromMemorySegment(F, ALL, w + o, LE, mask);
      s00 = a0.fma(b0, s00);
      s10 = a1.fma(b0, s10);
      FloatVector b1 = FloatVector.fromMemorySegment(F, ALL, w1 + o, LE, mask);
      s01 = a0.fma(b1, s01);
      s11 = a1.fma(b1, s11);
      FloatVector b2 = FloatVector.fromMemorySegment(F, ALL, w2 + o, LE, mask);
      s02 = a0.fma(b2, s02);
      s12 = a1.fma(b2, s12);
      FloatVector b3 = FloatVector.fromMemorySegment(F, ALL, w3 + o, LE, mask);
      s03 = a0.fma(b3, s03);
      s13 = a1.fma(b3, s13);
    }
    s00.intoMemorySegment(ALL, to, LE);
    s01.intoMemorySegment(ALL, to + 1L * BYTES, LE);
    s02.intoMemorySegment(ALL, to + 2L * BYTES, LE);
    s03.intoMemorySegment(ALL, to + 3L * BYTES, LE);
    s10.intoMemorySegment(ALL, to + 4L * BYTES, LE);
    s11.intoMemorySegment(ALL, to + 5L * BYTES, LE);
    s12.intoMemorySegment(ALL, to + 6L * BYTES, LE);
    s13.intoMemorySegment(ALL, to + 7L * BYTES, LE);
  }

  private static void fourByFour(long x, long sx, long w, long sw, int k, long to) {
    long x1 = x + sx;
    long x2 = x1 + sx;
    long x3 = x2 + sx;
    long w1 = w + sw;
    long w2 = w1 + sw;
    long w3 = w2 + sw;
    FloatVector s00 = FloatVector.zero(F);
    FloatVector s01 = FloatVector.zero(F);
    FloatVector s02 = FloatVector.zero(F);
    FloatVector s03 = FloatVector.zero(F);
    FloatVector s10 = FloatVector.zero(F);
    FloatVector s11 = FloatVector.zero(F);
    FloatVector s12 = FloatVector.zero(F);
    FloatVector s13 = FloatVector.zero(F);
    FloatVector s20 = FloatVector.zero(F);
    FloatVector s21 = FloatVector.zero(F);
    FloatVector s22 = FloatVector.zero(F);
    FloatVector s23 = FloatVector.zero(F);
    FloatVector s30 = FloatVector.zero(F);
    FloatVector s31 = FloatVector.zero(F);
    FloatVector s32 = FloatVector.zero(F);
    FloatVector s33 = FloatVector.zero(F);
    long whole = 4L * (k - k % LANES);
    long o = 0;
    for (; o < whole; o += BYTES) {
      FloatVector a0 = FloatVector.fromMemorySegment(F, ALL, x + o, LE);
      FloatVector a1 = FloatVector.fromMemorySegment(F, ALL, x1 + o, LE);
      FloatVector a2 = FloatVector.fromMemorySegment(F, ALL, x2 + o, LE);
      FloatVector a3 = FloatVector.fromMemorySegment(F, ALL, x3 + o, LE);
      FloatVector b0 = FloatVector.fromMemorySegment(F, ALL, w + o, LE);
      s00 = a0.fma(b0, s00);
      s10 = a1.fma(b0, s10);
      s20 = a2.fma(b0, s20);
      s30 = a3.fma(b0, s30);
      FloatVector b1 = FloatVector.fromMemorySegment(F, ALL, w1 + o, LE);
      s01 = a0.fma(b1, s01);
      s11 = a1.fma(b1, s11);
      s21 = a2.fma(b1, s21);
      s31 = a3.fma(b1, s31);
      FloatVector b2 = FloatVector.fromMemorySegment(F, ALL, w2 + o, LE);
      s02 = a0.fma(b2, s02);
      s12 = a1.fma(b2, s12);
      s22 = a2.fma(b2, s22);
      s32 = a3.fma(b2, s32);
      FloatVector b3 = FloatVector.fromMemorySegment(F, ALL, w3 + o, LE);
      s03 = a0.fma(b3, s03);
      s13 = a1.fma(b3, s13);
      s23 = a2.fma(b3, s23);
      s33 = a3.fma(b3, s33);
    }
    if (k % LANES != 0) {
      VectorMask<Float> mask = F.indexInRange(0, k % LANES);
      FloatVector a0 = FloatVector.fromMemorySegment(F, ALL, x + o, LE, mask);
      FloatVector a1 = FloatVector.fromMemorySegment(F, ALL, x1 + o, LE, mask);
      FloatVector a2 = FloatVector.fromMemorySegment(F, ALL, x2 + o, LE, mask);
      FloatVector a3 = FloatVector.fromMemorySegment(F, ALL, x3 + o, LE, mask);
      FloatVector b0 = FloatVector.fromMemorySegment(F, ALL, w + o, LE, mask);
      s00 = a0.fma(b0, s00);
      s10 = a1.fma(b0, s10);
      s20 = a2.fma(b0, s20);
      s30 = a3.fma(b0, s30);
      FloatVector b1 = FloatVector.fromMemorySegment(F, ALL, w1 + o, LE, mask);
      s01 = a0.fma(b1, s01);
      s11 = a1.fma(b1, s11);
      s21 = a2.fma(b1, s21);
      s31 = a3.fma(b1, s31);
      FloatVector b2 = FloatVector.fromMemorySegment(F, ALL, w2 + o, LE, mask);
      s02 = a0.fma(b2, s02);
      s12 = a1.fma(b2, s12);
      s22 = a2.fma(b2, s22);
      s32 = a3.fma(b2, s32);
      FloatVector b3 = FloatVector.fromMemorySegment(F, ALL, w3 + o, LE, mask);
      s03 = a0.fma(b3, s03);
      s13 = a1.fma(b3, s13);
      s23 = a2.fma(b3, s23);
      s33 = a3.fma(b3, s33);
    }
    s00.intoMemorySegment(ALL, to, LE);
    s01.intoMemorySegment(ALL, to + 1L * BYTES, LE);
    s02.intoMemorySegment(ALL, to + 2L * BYTES, LE);
    s03.intoMemorySegment(ALL, to + 3L * BYTES, LE);
    s10.intoMemorySegment(ALL, to + 4L * BYTES, LE);
    s11.intoMemorySegment(ALL, to + 5L * BYTES, LE);
    s12.intoMemorySegment(ALL, to + 6L * BYTES, LE);
    s13.intoMemorySegment(ALL, to + 7L * BYTES, LE);
    s20.intoMemorySegment(ALL, to + 8L * BYTES, LE);
    s21.intoMemorySegment(ALL, to + 9L * BYTES, LE);
    s22.intoMemorySegment(ALL, to + 10L * BYTES, LE);
    s23.intoMemorySegment(ALL, to + 11L * BYTES, LE);
    s30.intoMemorySegment(ALL, to + 12L * BYTES, LE);
    s31.intoMemorySegment(ALL, to + 13L * BYTES, LE);
    s32.intoMemorySegment(ALL, to + 14L * BYTES, LE);
    s33.intoMemorySegment(ALL, to + 15L * BYTES, LE);
  }
}
