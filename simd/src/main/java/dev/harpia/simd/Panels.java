package dev.harpia.simd;

import static dev.harpia.simd.Vectors.ALL;
import static dev.harpia.simd.Vectors.BYTES;
import static dev.harpia.simd.Vectors.FLOAT;
import static dev.harpia.simd.Vectors.LANES;

import java.lang.foreign.Arena;

/**
 * Matrix products over B in panels of {@link #WIDTH} columns, and the packing into panels. Strides
 * are bytes, as in {@link WideTiles}; {@code bp} leads from one panel of B to the next, so B may be
 * packed (panels one after another) or an ordinary matrix (panels side by side).
 */
final class Panels {
  /** Vectors in a panel. */
  static final int VECTORS = 4;

  /** Columns of a panel. */
  static final int WIDTH = VECTORS * LANES;

  /** Bytes from one row of a packed panel to the next. */
  static final long ROW = (long) VECTORS * BYTES;

  // Sixteen accumulators, four columns of B and a broadcast need more than AVX2's sixteen
  // registers.
  private static final boolean FOUR_ROWS = LANES != 8;

  private static final long ZEROS = Arena.global().allocate(BYTES, 64).address();

  private Panels() {}

  /** The least multiple of {@code unit} that is not below {@code n}. */
  static int roundUp(int n, int unit) {
    return (n + unit - 1) / unit * unit;
  }

  /** C [m, vectors] = or += A [m, k] · B [k, vectors]. Whole vectors of C are written. */
  static void multiply(
      int m,
      int vectors,
      int k,
      long a,
      long ar,
      long ak,
      long b,
      long bk,
      long bp,
      long c,
      long cr,
      boolean add) {
    for (int v = 0; v < vectors; v += VECTORS) {
      rows(Math.min(VECTORS, vectors - v), m, a, ar, ak, b, bk, k, c, cr, BYTES, add);
      b += bp;
      c += ROW;
    }
  }

  /**
   * One panel of {@code nv} vectors against m rows; {@code cs} leads from one vector of C to the
   * next.
   */
  static void rows(
      int nv,
      int m,
      long a,
      long ar,
      long ak,
      long b,
      long bk,
      int k,
      long c,
      long cr,
      long cs,
      boolean add) {
    long ir = add ? cr : 0;
    long is = add ? cs : 0;
    int i = 0;
    if (FOUR_ROWS || nv < 4) {
      for (; i + 4 <= m; i += 4) {
        long from = a + i * ar;
        long to = c + i * cr;
        long init = add ? to : ZEROS;
        switch (nv) {
          case 4 -> WideTiles.tile4x4(from, ar, ak, b, bk, k, init, ir, is, to, cr, cs);
          case 3 -> NarrowTiles.tile4x3(from, ar, ak, b, bk, k, init, ir, is, to, cr, cs);
          case 2 -> NarrowTiles.tile4x2(from, ar, ak, b, bk, k, init, ir, is, to, cr, cs);
          default -> NarrowTiles.tile4x1(from, ar, ak, b, bk, k, init, ir, is, to, cr, cs);
        }
      }
    }
    if (nv >= 3) {
      for (; i + 2 <= m; i += 2) {
        long from = a + i * ar;
        long to = c + i * cr;
        long init = add ? to : ZEROS;
        if (nv == 4) {
          WideTiles.tile2x4(from, ar, ak, b, bk, k, init, ir, is, to, cr, cs);
        } else {
          NarrowTiles.tile2x3(from, ar, ak, b, bk, k, init, ir, is, to, cr, cs);
        }
      }
    }
    for (; i < m; i++) {
      long from = a + i * ar;
      long to = c + i * cr;
      long init = add ? to : ZEROS;
      switch (nv) {
        case 4 -> WideTiles.tile1x4(from, ar, ak, b, bk, k, init, ir, is, to, cr, cs);
        case 3 -> NarrowTiles.tile1x3(from, ar, ak, b, bk, k, init, ir, is, to, cr, cs);
        case 2 -> NarrowTiles.tile1x2(from, ar, ak, b, bk, k, init, ir, is, to, cr, cs);
        default -> NarrowTiles.tile1x1(from, ar, ak, b, bk, k, init, ir, is, to, cr, cs);
      }
    }
  }

  /**
   * Packs {@code columns} ≤ LANES rows of a matrix [columns, k] as one vector column of a panel:
   * element (j, q) times {@code scale} goes to {@code to + q·toRow + 4j}; the lanes past {@code
   * columns} become zero.
   */
  static void packTransposed(
      long to, long toRow, long from, long fromRow, int columns, int k, float scale) {
    int whole = 0;
    if (columns == LANES) {
      Scratch scratch = Scratch.acquire(BlockTranspose.WORK);
      whole = k - k % LANES;
      for (int q = 0; q < whole; q += LANES) {
        BlockTranspose.run(to + q * toRow, toRow, from + 4L * q, fromRow, scale, scratch.address());
      }
      scratch.keep();
      scratch.release();
    }
    for (int q = whole; q < k; q++) {
      for (int j = 0; j < LANES; j++) {
        float x = j < columns ? ALL.get(FLOAT, from + j * fromRow + 4L * q) : 0;
        ALL.set(FLOAT, to + q * toRow + 4L * j, x * scale);
      }
    }
  }

  /** Packs the transpose of rows [n, k] into panels of k rows each; columns past n become zero. */
  static void packTransposedPanels(long to, long from, long fromRow, int n, int k, float scale) {
    int vectors = roundUp(n, LANES) / LANES;
    for (int v = 0; v < vectors; v++) {
      long d = to + (long) (v / VECTORS) * k * ROW + (long) (v % VECTORS) * BYTES;
      packTransposed(
          d,
          ROW,
          from + (long) v * LANES * fromRow,
          fromRow,
          Math.min(LANES, n - v * LANES),
          k,
          scale);
    }
  }

  /**
   * Copies {@code columns} floats of each of {@code rows} rows, and zeroes the rest of {@code
   * width} floats.
   */
  static void copyRows(
      long to, long toRow, int width, long from, long fromRow, int columns, int rows) {
    for (int i = 0; i < rows; i++) {
      Vectors.copy(from + i * fromRow, to + i * toRow, 4L * columns);
      for (int j = columns; j < width; j++) {
        ALL.set(FLOAT, to + i * toRow + 4L * j, 0f);
      }
    }
  }
}
