package dev.harpia.simd;

import static dev.harpia.simd.Vectors.ALL;
import static dev.harpia.simd.Vectors.LANES;
import static dev.harpia.simd.Vectors.LE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * A few rows against the rows of a matrix, {@code C = X·Wᵀ + init} with X [m, k] and W [n, k]:
 * reads each row of W once and as it lies, so it runs at the speed of memory where a general
 * product would first have to turn W round.
 *
 * <p>Each product of rows is LANES chains of fused multiply-adds along k, summed in a fixed tree:
 * the same bits whatever rows are done together, but not the bits of {@link VectorGemm}.
 */
final class Gemv {
  /** Columns to which this is a match for {@link VectorGemm} at all. */
  private static final int FEW = 8;

  private static final int MOST_AT_EDGE = 4;

  private static final VectorSpecies<Float> QUAD = FloatVector.SPECIES_128;

  private Gemv() {}

  /**
   * Whether a product with a row-major A is done faster by {@link #columns} than by a register
   * tile, most of whose lanes it would leave empty. Cycles of a row: there k/2, here k/(2·LANES)
   * and six to sum up, n times.
   */
  static boolean suits(int n, int k) {
    return n <= FEW && n * (k + 12L * LANES) < (long) LANES * k;
  }

  /** Columns beyond the last whole vector, where they are few enough to be done here; else 0. */
  static int edge(int n, int k) {
    int edge = n % LANES;
    return edge <= MOST_AT_EDGE && suits(edge, k) ? edge : 0;
  }

  /**
   * Multiplies. Strides are in bytes.
   *
   * @param init what is added, row i and column j at {@code i·si + j·ji}, or 0 for nothing
   * @param sc between rows of C
   * @param jc between columns of C
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
      long ji,
      boolean relu,
      long c,
      long sc,
      long jc) {
    int most = DotTiles.SUMS;
    Scratch scratch = Scratch.acquire(4L * most * LANES);
    long sums = scratch.address();
    for (int first = 0; first < n; first += most) {
      int end = Math.min(n, first + most); // rows of W that stay in the cache for all of X
      for (int i = 0; i < m; ) {
        int r = m - i >= 4 ? 4 : m - i >= 2 ? 2 : 1;
        for (int j = first; j < end; ) {
          int q = Math.min(most / r, Integer.highestOneBit(end - j));
          DotTiles.tile(r, q).run(x + i * sx, sx, w + j * sw, sw, k, sums);
          long start = init == 0 ? 0 : init + i * si + j * ji;
          finish(sums, r, q, alpha, start, si, ji, relu, c + i * sc + j * jc, sc, jc);
          j += q;
        }
        i += r;
      }
    }
    scratch.release();
  }

  /** C = act(alpha·sums + init) for one tile; vectors where results are neighbours. */
  private static void finish(
      long sums,
      int rows,
      int columns,
      float alpha,
      long init,
      long si,
      long ji,
      boolean relu,
      long c,
      long sc,
      long jc) {
    int step = 4 * Math.max(1, LANES / (rows * columns));
    if (jc == 4 && step == 4 && columns % 4 == 0 && (init == 0 || ji == 4)) {
      for (int i = 0; i < rows; i++) {
        quads(sums + 4L * i * columns, columns, alpha, init == 0 ? 0 : init + i * si, relu, c);
        c += sc;
      }
      return;
    }
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        float value = alpha * Vectors.get(sums + (long) step * (i * columns + j));
        if (init != 0) {
          value += Vectors.get(init + i * si + j * ji);
        }
        Vectors.set(c + i * sc + j * jc, relu && value < 0 ? 0 : value);
      }
    }
  }

  private static void quads(long sums, int count, float alpha, long init, boolean relu, long c) {
    for (long o = 0; o < 4L * count; o += 16) {
      FloatVector v = FloatVector.fromMemorySegment(QUAD, ALL, sums + o, LE).mul(alpha);
      if (init != 0) {
        v = v.add(FloatVector.fromMemorySegment(QUAD, ALL, init + o, LE));
      }
      if (relu) {
        v = v.blend(0, v.lt(0));
      }
      v.intoMemorySegment(ALL, c + o, LE);
    }
  }

  /**
   * The other way round: C [m, n] = alpha·A·op(B) + init, with few columns. Strides are in bytes.
   *
   * @param tb whether B is stored [n, k]
   * @param init what is added, rows {@code si} apart, or 0 for nothing
   */
  static void columns(
      boolean tb,
      int m,
      int n,
      int k,
      float alpha,
      long a,
      long sa,
      long b,
      long sb,
      long init,
      long si,
      boolean relu,
      long c,
      long sc) {
    if (tb || (n == 1 && sb == 4)) {
      sides(m, n, k, alpha, a, sa, b, sb, init, si, relu, c, sc);
      return;
    }
    long pitch = 4L * k;
    Scratch scratch = Scratch.acquire(n * pitch);
    long turned = scratch.address();
    for (int j = 0; j < n; j++) {
      Packing.column(b + 4L * j, sb, k, turned + j * pitch);
    }
    sides(m, n, k, alpha, a, sa, turned, pitch, init, si, relu, c, sc);
    scratch.release();
  }

  /** Which operand is done in more rows at a time. */
  private static void sides(
      int m,
      int n,
      int k,
      float alpha,
      long a,
      long sa,
      long b,
      long sb,
      long init,
      long si,
      boolean relu,
      long c,
      long sc) {
    if (n < 4) {
      run(n, m, k, alpha, b, sb, a, sa, init, 4, si, relu, c, 4, sc);
    } else {
      run(m, n, k, alpha, a, sa, b, sb, init, si, 4, relu, c, sc, 4);
    }
  }
}
