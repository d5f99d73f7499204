package dev.harpia.simd;

import static dev.harpia.simd.Vectors.ALL;
import static dev.harpia.simd.Vectors.BYTES;
import static dev.harpia.simd.Vectors.F;
import static dev.harpia.simd.Vectors.FLOAT;
import static dev.harpia.simd.Vectors.LANES;
import static dev.harpia.simd.Vectors.LE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Sums over the lanes of a vector, always in the same tree. */
final class LaneSums {
  private LaneSums() {}

  /** Adds the sum of each of rows·columns vectors to a matrix, or stores it. */
  static void add(long vectors, int rows, int columns, long to, long pitch, boolean store) {
    for (int r = 0; r < rows; r++) {
      long from = vectors + (long) r * columns * BYTES;
      halve(from, columns);
      for (int c = 0; c < columns; c++) {
        long at = to + r * pitch + 4L * c;
        float sum = ALL.get(FLOAT, from + (long) c * BYTES);
        ALL.set(FLOAT, at, store ? sum : ALL.get(FLOAT, at) + sum);
      }
    }
  }

  /**
   * Replaces the first lane of each vector by the sum of all its lanes; the other lanes become
   * meaningless.
   */
  static void halve(long vectors, int count) {
    for (int i = 0; i < count; i++) {
      long at = vectors + (long) i * BYTES;
      for (int d = LANES / 2; d > 0; d /= 2) {
        for (int l = 0; l < d; l++) {
          ALL.set(
              FLOAT, at + 4L * l, ALL.get(FLOAT, at + 4L * l) + ALL.get(FLOAT, at + 4L * (l + d)));
        }
      }
    }
  }

  /** Sum of floats that lie in a row. */
  static float sum(long from, long floats, long scratch) {
    lanes(from, floats, scratch);
    halve(scratch, 1);
    return ALL.get(FLOAT, scratch);
  }

  private static void lanes(long from, long floats, long to) {
    FloatVector a = FloatVector.zero(F);
    FloatVector b = FloatVector.zero(F);
    FloatVector c = FloatVector.zero(F);
    FloatVector d = FloatVector.zero(F);
    long bytes = 4 * floats;
    long o = 0;
    for (; o <= bytes - 4L * BYTES; o += 4L * BYTES) {
      a = a.add(FloatVector.fromMemorySegment(F, ALL, from + o, LE));
      b = b.add(FloatVector.fromMemorySegment(F, ALL, from + o + BYTES, LE));
      c = c.add(FloatVector.fromMemorySegment(F, ALL, from + o + 2L * BYTES, LE));
      d = d.add(FloatVector.fromMemorySegment(F, ALL, from + o + 3L * BYTES, LE));
    }
    a = a.add(b).add(c.add(d));
    for (; o < bytes; o += BYTES) {
      VectorMask<Float> rest = F.indexInRange(0, (int) Math.min(LANES, (bytes - o) / 4));
      a = a.add(FloatVector.fromMemorySegment(F, ALL, from + o, LE, rest));
    }
    a.intoMemorySegment(ALL, to, LE);
  }
}
