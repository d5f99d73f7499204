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
  private Packing() {}

  /** Copies {@code rows} rows of whole vectors. Strides in bytes. */
  static void copy(long from, long fs, int rows, int vectors, long to, long ts) {
    for (int i = 0; i < rows; i++) {
      row(from + i * fs, to + i * ts, vectors);
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
