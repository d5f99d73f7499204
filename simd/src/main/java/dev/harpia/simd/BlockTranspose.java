package dev.harpia.simd;

import static dev.harpia.simd.Vectors.ALL;
import static dev.harpia.simd.Vectors.BYTES;
import static dev.harpia.simd.Vectors.F;
import static dev.harpia.simd.Vectors.LANES;
import static dev.harpia.simd.Vectors.LE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/**
 * The transpose of a square block of LANES rows of one vector, by log₂ LANES perfect shuffles: a
 * round interleaves the first half of the rows with the second, and so rotates the bits of an
 * element's index by one.
 */
final class BlockTranspose {
  private static final VectorShuffle<Float> LOW = VectorShuffle.makeZip(F, 0);
  private static final VectorShuffle<Float> HIGH = VectorShuffle.makeZip(F, 1);

  /** Bytes of working memory. */
  static final long WORK = 2L * LANES * BYTES;

  private BlockTranspose() {}

  /**
   * {@code to[j][i] = scale·from[i][j]}; rows are {@code toRow} and {@code fromRow} bytes apart.
   */
  static void run(long to, long toRow, long from, long fromRow, float scale, long work) {
    long here = work;
    long there = work + WORK / 2;
    first(here, from, fromRow, scale);
    for (int w = LANES / 4; w > 1; w /= 2) {
      round(there, BYTES, here);
      long swap = here;
      here = there;
      there = swap;
    }
    round(to, toRow, here);
  }

  private static void first(long to, long from, long fromRow, float scale) {
    FloatVector s = FloatVector.broadcast(F, scale);
    long half = LANES / 2 * fromRow;
    for (int i = 0; i < LANES / 2; i++) {
      FloatVector a = FloatVector.fromMemorySegment(F, ALL, from, LE).mul(s);
      FloatVector b = FloatVector.fromMemorySegment(F, ALL, from + half, LE).mul(s);
      a.rearrange(LOW, b).intoMemorySegment(ALL, to, LE);
      a.rearrange(HIGH, b).intoMemorySegment(ALL, to + BYTES, LE);
      from += fromRow;
      to += 2L * BYTES;
    }
  }

  private static void round(long to, long toRow, long from) {
    long half = LANES / 2 * (long) BYTES;
    for (int i = 0; i < LANES / 2; i++) {
      FloatVector a = FloatVector.fromMemorySegment(F, ALL, from, LE);
      FloatVector b = FloatVector.fromMemorySegment(F, ALL, from + half, LE);
      a.rearrange(LOW, b).intoMemorySegment(ALL, to, LE);
      a.rearrange(HIGH, b).intoMemorySegment(ALL, to + toRow, LE);
      from += BYTES;
      to += 2 * toRow;
    }
  }
}
