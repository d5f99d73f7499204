package dev.harpia.simd;

import static dev.harpia.simd.Vectors.LANES;

/**
 * Work along a middle axis, [outer, axis, inner]: the columns are taken through compact blocks
 * [axis, width] in the thread's scratch memory, a few whole vectors wide.
 *
 * <p>The copy costs two passes through the cache, and buys kernels without tails, and without the
 * set conflicts of large powers of two as strides.
 */
final class Columns {
  private Columns() {}

  /** Floats in a row of a block. */
  static long width(long axis) {
    return axis <= 4096 ? 4L * LANES : LANES;
  }

  /** How many blocks cover [outer, axis, inner]. */
  static long blocks(long outer, long axis, long inner) {
    return outer * perOuter(axis, inner);
  }

  private static long perOuter(long axis, long inner) {
    long width = width(axis);
    return (inner + width - 1) / width;
  }

  /** The first element of a block, as an offset in elements. */
  static long offset(long block, long axis, long inner) {
    long per = perOuter(axis, inner);
    return block / per * axis * inner + block % per * width(axis);
  }

  /** The place of a block's columns in a tensor [outer, inner]. */
  static long column(long block, long axis, long inner) {
    long per = perOuter(axis, inner);
    return block / per * inner + block % per * width(axis);
  }

  /** The columns in a block that exist. */
  static long count(long block, long axis, long inner) {
    return Math.min(width(axis), inner - block % perOuter(axis, inner) * width(axis));
  }

  /**
   * Brings a block of [outer, axis, inner] at {@code from} into compact form; columns beyond the
   * last are zero.
   */
  static void load(long compact, long from, long block, long axis, long inner) {
    long width = width(axis);
    long count = count(block, axis, inner);
    long start = from + 4 * offset(block, axis, inner);
    for (long k = 0; k < axis; k++) {
      long row = compact + 4 * k * width;
      RowMaps.copy(row, start + 4 * k * inner, count, false);
      if (count < width) {
        RowMaps.fill(row + 4 * count, width - count, 0, false);
      }
    }
  }

  /** Puts a compact block back. */
  static void store(long to, long compact, long block, long axis, long inner, boolean add) {
    long width = width(axis);
    long count = count(block, axis, inner);
    long start = to + 4 * offset(block, axis, inner);
    for (long k = 0; k < axis; k++) {
      RowMaps.copy(start + 4 * k * inner, compact + 4 * k * width, count, add);
    }
  }
}
