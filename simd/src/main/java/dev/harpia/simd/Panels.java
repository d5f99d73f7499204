package dev.harpia.simd;

import static dev.harpia.simd.Vectors.ALL;
import static dev.harpia.simd.Vectors.BYTES;
import static dev.harpia.simd.Vectors.FLOAT;
import static dev.harpia.simd.Vectors.LANES;

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

  // One cache line of each source row at a time, so that packing stays within the first-level
  // cache.
  private static final int PACK_BLOCK = 16;

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
    int i = 0;
    if (FOUR_ROWS || nv < 4) {
      for (; i + 4 <= m; i += 4) {
        switch (nv) {
          case 4 -> WideTiles.tile4x4(a + i * ar, ar, ak, b, bk, k, c + i * cr, cr, cs, add);
          case 3 -> NarrowTiles.tile4x3(a + i * ar, ar, ak, b, bk, k, c + i * cr, cr, cs, add);
          case 2 -> NarrowTiles.tile4x2(a + i * ar, ar, ak, b, bk, k, c + i * cr, cr, cs, add);
          default -> NarrowTiles.tile4x1(a + i * ar, ar, ak, b, bk, k, c + i * cr, cr, cs, add);
        }
      }
    }
    if (nv >= 3) {
      for (; i + 2 <= m; i += 2) {
        if (nv == 4) {
          WideTiles.tile2x4(a + i * ar, ar, ak, b, bk, k, c + i * cr, cr, cs, add);
        } else {
          NarrowTiles.tile2x3(a + i * ar, ar, ak, b, bk, k, c + i * cr, cr, cs, add);
        }
      }
    }
    for (; i < m; i++) {
      switch (nv) {
        case 4 -> WideTiles.tile1x4(a + i * ar, ar, ak, b, bk, k, c + i * cr, cr, cs, add);
        case 3 -> NarrowTiles.tile1x3(a + i * ar, ar, ak, b, bk, k, c + i * cr, cr, cs, add);
        case 2 -> NarrowTiles.tile1x2(a + i * ar, ar, ak, b, bk, k, c + i * cr, cr, cs, add);
        default -> NarrowTiles.tile1x1(a + i * ar, ar, ak, b, bk, k, c + i * cr, cr, cs, add);
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
    for (int q0 = 0; q0 < k; q0 += PACK_BLOCK) {
      int q1 = Math.min(k, q0 + PACK_BLOCK);
      for (int j = 0; j < LANES; j++) {
        long d = to + q0 * toRow + 4L * j;
        if (j < columns) {
          long s = from + j * fromRow + 4L * q0;
          for (int q = q0; q < q1; q++) {
            ALL.set(FLOAT, d, ALL.get(FLOAT, s) * scale);
            s += 4;
            d += toRow;
          }
        } else {
          for (int q = q0; q < q1; q++) {
            ALL.set(FLOAT, d, 0f);
            d += toRow;
          }
        }
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
