package dev.harpia.simd;

import static dev.harpia.simd.Vectors.ALL;
import static dev.harpia.simd.Vectors.BYTES;
import static dev.harpia.simd.Vectors.F;
import static dev.harpia.simd.Vectors.FLOAT;
import static dev.harpia.simd.Vectors.LANES;
import static dev.harpia.simd.Vectors.LE;

import jdk.incubator.vector.FloatVector;

/** Loops over a given number of floats, exactly: not one float more is read or written. */
final class Spans {
  private Spans() {}

  /** {@code to += from}. */
  static void add(long to, long from, int n) {
    long whole = 4L * (n - n % LANES);
    addVectors(to, from, whole);
    for (long o = whole; o < 4L * n; o += 4) {
      ALL.set(FLOAT, to + o, ALL.get(FLOAT, to + o) + ALL.get(FLOAT, from + o));
    }
  }

  private static void addVectors(long to, long from, long bytes) {
    for (long o = 0; o < bytes; o += BYTES) {
      FloatVector a = FloatVector.fromMemorySegment(F, ALL, to + o, LE);
      a.add(FloatVector.fromMemorySegment(F, ALL, from + o, LE)).intoMemorySegment(ALL, to + o, LE);
    }
  }

  /** {@code to = factor·from}. */
  static void scale(long to, long from, float factor, int n) {
    long whole = 4L * (n - n % LANES);
    scaleVectors(to, from, factor, whole);
    for (long o = whole; o < 4L * n; o += 4) {
      ALL.set(FLOAT, to + o, ALL.get(FLOAT, from + o) * factor);
    }
  }

  private static void scaleVectors(long to, long from, float factor, long bytes) {
    FloatVector f = FloatVector.broadcast(F, factor);
    for (long o = 0; o < bytes; o += BYTES) {
      FloatVector.fromMemorySegment(F, ALL, from + o, LE).mul(f).intoMemorySegment(ALL, to + o, LE);
    }
  }
}
