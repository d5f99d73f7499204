package dev.harpia.simd;

import static dev.harpia.simd.Vectors.ALL;
import static dev.harpia.simd.Vectors.BYTES;
import static dev.harpia.simd.Vectors.F;
import static dev.harpia.simd.Vectors.FLOAT;
import static dev.harpia.simd.Vectors.I;
import static dev.harpia.simd.Vectors.LANES;
import static dev.harpia.simd.Vectors.LE;

import java.lang.foreign.Arena;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/**
 * Sums over the lanes of vectors, always in the same tree: halves are added, then quarters, and so
 * on. Two vectors are folded at a time, so that a whole vector of sums takes three operations each.
 */
final class LaneSums {
  /**
   * For each level, which lanes of a pair of vectors are the lower halves, and which the upper
   * ones.
   */
  private static final long SELECTIONS = selections();

  private LaneSums() {}

  private static long selections() {
    long address = Arena.global().allocate(64L * BYTES, 64).address();
    long at = address;
    for (int d = LANES / 2; d > 0; d /= 2) {
      for (int half = 0; half < 2; half++) {
        for (int j = 0; j < LANES; j++) {
          Vectors.setInt(at, j / d * 2 * d + half * d + j % d);
          at += 4;
        }
      }
    }
    return address;
  }

  /**
   * Adds the sum of each of rows·columns vectors to a matrix, or stores it.
   *
   * @param vectors overwritten; room for a multiple of LANES of them
   */
  static void add(long vectors, int rows, int columns, long to, long pitch, boolean store) {
    fold(vectors, rows * columns);
    for (int r = 0; r < rows; r++) {
      row(vectors + 4L * r * columns, columns, to + r * pitch, store);
    }
  }

  private static void row(long from, int columns, long to, boolean store) {
    for (int c = 0; c < columns; c++) {
      float sum = ALL.get(FLOAT, from + 4L * c);
      ALL.set(FLOAT, to + 4L * c, store ? sum : ALL.get(FLOAT, to + 4L * c) + sum);
    }
  }

  /** Replaces vectors by floats, the sum of each. */
  private static void fold(long vectors, int count) {
    int n = Math.ceilDiv(count, LANES) * LANES;
    long selection = SELECTIONS;
    for (int d = LANES / 2; d > 0; d /= 2) {
      n /= 2;
      halve(vectors, n, selection);
      selection += 2L * BYTES;
    }
  }

  /**
   * Vector i becomes, in its lower half, vector 2i folded in two, and in its upper half vector 2i +
   * 1.
   */
  private static void halve(long vectors, int count, long selection) {
    IntVector low = IntVector.fromMemorySegment(I, ALL, selection, LE);
    IntVector high = IntVector.fromMemorySegment(I, ALL, selection + BYTES, LE);
    for (int i = 0; i < count; i++) {
      IntVector a = IntVector.fromMemorySegment(I, ALL, vectors + 2L * i * BYTES, LE);
      IntVector b = IntVector.fromMemorySegment(I, ALL, vectors + (2L * i + 1) * BYTES, LE);
      low.selectFrom(a, b)
          .reinterpretAsFloats()
          .add(high.selectFrom(a, b).reinterpretAsFloats())
          .intoMemorySegment(ALL, vectors + (long) i * BYTES, LE);
    }
  }

  /** Sum of floats that lie in a row; {@code scratch} has room for LANES vectors. */
  static float sum(long from, long floats, long scratch) {
    lanes(from, floats, scratch);
    fold(scratch, 1);
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
