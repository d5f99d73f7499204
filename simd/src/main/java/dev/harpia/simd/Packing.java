package dev.harpia.simd;

import static dev.harpia.simd.Vectors.ALL;
import static dev.harpia.simd.Vectors.BYTES;
import static dev.harpia.simd.Vectors.F;
import static dev.harpia.simd.Vectors.FLOAT;
import static dev.harpia.simd.Vectors.LANES;
import static dev.harpia.simd.Vectors.LE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Copies of matrix blocks in the order in which the register tiles read them. */
final class Packing {
  static {
    Compiler.onlyC2("dev/harpia/simd/Packing.pairs"); // too large for C1
  }

  private Packing() {}

  /** Copies {@code rows} rows of whole vectors. Strides in bytes. */
  static void copy(long from, long fs, int rows, int vectors, long to, long ts) {
    int done = 0;
    if (vectors == 4) {
      done = rows & -2;
      pairs(from, fs, done, to, ts);
    }
    for (int i = done; i < rows; i++) {
      row(from + i * fs, to + i * ts, vectors);
    }
  }

  /**
   * Rows of four vectors, two at a time: rows lie pages apart, so what counts is how many loads are
   * under way at once.
   */
  private static void pairs(long from, long fs, int rows, long to, long ts) {
    for (int i = 0; i < rows; i += 2) {
      long next = from + fs;
      FloatVector a0 = FloatVector.fromMemorySegment(F, ALL, from, LE);
      FloatVector a1 = FloatVector.fromMemorySegment(F, ALL, from + BYTES, LE);
      FloatVector a2 = FloatVector.fromMemorySegment(F, ALL, from + 2 * BYTES, LE);
      FloatVector a3 = FloatVector.fromMemorySegment(F, ALL, from + 3 * BYTES, LE);
      FloatVector b0 = FloatVector.fromMemorySegment(F, ALL, next, LE);
      FloatVector b1 = FloatVector.fromMemorySegment(F, ALL, next + BYTES, LE);
      FloatVector b2 = FloatVector.fromMemorySegment(F, ALL, next + 2 * BYTES, LE);
      FloatVector b3 = FloatVector.fromMemorySegment(F, ALL, next + 3 * BYTES, LE);
      a0.intoMemorySegment(ALL, to, LE);
      a1.intoMemorySegment(ALL, to + BYTES, LE);
      a2.intoMemorySegment(ALL, to + 2 * BYTES, LE);
      a3.intoMemorySegment(ALL, to + 3 * BYTES, LE);
      b0.intoMemorySegment(ALL, to + ts, LE);
      b1.intoMemorySegment(ALL, to + ts + BYTES, LE);
      b2.intoMemorySegment(ALL, to + ts + 2 * BYTES, LE);
      b3.intoMemorySegment(ALL, to + ts + 3 * BYTES, LE);
      from = next + fs;
      to += 2 * ts;
    }
  }

  private static void row(long from, long to, int vectors) {
    long bytes = (long) vectors * BYTES;
    for (long o = 0; o < bytes; o += BYTES) {
      FloatVector.fromMemorySegment(F, ALL, from + o, LE).intoMemorySegment(ALL, to + o, LE);
    }
  }

  /** Copies a column of {@code rows} partial vectors; the lanes beyond become zero. */
  static void tail(long from, long fs, int rows, int lanes, long to, long ts) {
    VectorMask<Float> mask = F.indexInRange(0, lanes);
    for (int i = 0; i < rows; i++) {
      FloatVector.fromMemorySegment(F, ALL, from, LE, mask).intoMemorySegment(ALL, to, LE);
      from += fs;
      to += ts;
    }
  }

  /**
   * Stores {@code columns} rows of length {@code length} as columns: to[p][j] = from[j][p]. What
   * the last vector of a row of {@code to} holds beyond {@code columns} is undefined.
   */
  static void transpose(long from, long fs, int columns, int length, long to, long ts) {
    for (int j = 0; j < columns; j += LANES) {
      int here = Math.min(LANES, columns - j);
      long source = from + j * fs;
      long target = to + 4L * j;
      if (length < LANES) {
        for (int i = 0; i < here; i++) {
          one(source + i * fs, length, target + 4L * i, ts);
        }
        continue;
      }
      Transposer.INSTANCE.run(source, fs, here, length / LANES, target, ts);
      if (length % LANES != 0) { // once more over the last whole square: nothing beyond the end
        long last = (long) length - LANES;
        Transposer.INSTANCE.run(source + 4 * last, fs, here, 1, target + ts * last, ts);
      }
    }
  }

  /** Copies a column into a row. */
  static void column(long from, long fs, int count, long to) {
    for (int p = 0; p < count; p++) {
      ALL.set(FLOAT, to + 4L * p, ALL.get(FLOAT, from));
      from += fs;
    }
  }

  private static void one(long from, int length, long to, long ts) {
    for (int p = 0; p < length; p++) {
      ALL.set(FLOAT, to, ALL.get(FLOAT, from + 4L * p));
      to += ts;
    }
  }

  /** to = scale·from, whole vectors and then elements. */
  static void scale(long from, long fs, int rows, int columns, float scale, long to, long ts) {
    for (int i = 0; i < rows; i++) {
      int whole = columns / LANES;
      scaleRow(from + i * fs, whole, scale, to + i * ts);
      long done = (long) whole * BYTES;
      scaleTail(from + i * fs + done, columns - whole * LANES, scale, to + i * ts + done);
    }
  }

  private static void scaleRow(long from, int vectors, float scale, long to) {
    long bytes = (long) vectors * BYTES;
    for (long o = 0; o < bytes; o += BYTES) {
      FloatVector.fromMemorySegment(F, ALL, from + o, LE)
          .mul(scale)
          .intoMemorySegment(ALL, to + o, LE);
    }
  }

  private static void scaleTail(long from, int count, float scale, long to) {
    for (int j = 0; j < count; j++) {
      ALL.set(FLOAT, to + 4L * j, ALL.get(FLOAT, from + 4L * j) * scale);
    }
  }
}
