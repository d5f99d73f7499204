package dev.harpia.simd;

import static dev.harpia.simd.Vectors.ALL;
import static dev.harpia.simd.Vectors.BYTES;
import static dev.harpia.simd.Vectors.F;
import static dev.harpia.simd.Vectors.FLOAT;
import static dev.harpia.simd.Vectors.I;
import static dev.harpia.simd.Vectors.LANES;
import static dev.harpia.simd.Vectors.LE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Moves rows between tensors and packed planes. Packed rows are written in ascending order and may
 * be overrun; tensors never.
 */
final class PlaneCopies {
  private PlaneCopies() {}

  /**
   * Zeroes floats, in whole vectors: up to one vector less one float beyond the end is overwritten.
   */
  static void zero(long to, int floats) {
    FloatVector zero = FloatVector.zero(F);
    long end = to + 4L * floats;
    for (long o = to; o < end; o += BYTES) {
      zero.intoMemorySegment(ALL, o, LE);
    }
  }

  /** Zeroes exactly these floats of a tensor. */
  static void clear(long to, long floats) {
    FloatVector zero = FloatVector.zero(F);
    long i = 0;
    for (; i <= floats - LANES; i += LANES) {
      zero.intoMemorySegment(ALL, to + 4 * i, LE);
    }
    if (i < floats) {
      zero.intoMemorySegment(ALL, to + 4 * i, LE, F.indexInRange(0, (int) (floats - i)));
    }
  }

  /** Copies floats; reads exactly them. */
  static void copy(long from, long to, int floats) {
    int i = 0;
    for (; i <= floats - LANES; i += LANES) {
      FloatVector.fromMemorySegment(F, ALL, from + 4L * i, LE)
          .intoMemorySegment(ALL, to + 4L * i, LE);
    }
    if (i < floats) {
      VectorMask<Float> rest = F.indexInRange(i, floats);
      FloatVector.fromMemorySegment(F, ALL, from + 4L * i, LE, rest)
          .intoMemorySegment(ALL, to + 4L * i, LE, rest);
    }
  }

  /** Copies floats that lie {@code step} bytes apart. */
  static void gather(long from, long step, long to, int floats) {
    int i = 0;
    if (step == 8) {
      i = Math.max(0, (floats - 1) / LANES * LANES);
      evens(from, to, i);
    }
    for (; i < floats; i++) {
      ALL.set(FLOAT, to + 4L * i, ALL.get(FLOAT, from + i * step));
    }
  }

  /** Copies every other float, in whole vectors; reads one float more than it needs. */
  private static void evens(long from, long to, int floats) {
    IntVector even = IntVector.zero(I).addIndex(2);
    for (int i = 0; i < floats; i += LANES) {
      IntVector a = IntVector.fromMemorySegment(I, ALL, from + 8L * i, LE);
      IntVector b = IntVector.fromMemorySegment(I, ALL, from + 8L * i + BYTES, LE);
      even.selectFrom(a, b).intoMemorySegment(ALL, to + 4L * i, LE);
    }
  }

  /**
   * Copies rows out of a tile, plus {@code bias}, nothing below {@code floor} (which lets NaN
   * pass). Writes exactly the rows.
   */
  static void rows(
      long from,
      long fromPitch,
      long to,
      long toPitch,
      int rows,
      int floats,
      float bias,
      float floor) {
    int whole = floats - floats % LANES;
    for (int r = 0; r < rows; r++) {
      floored(from + r * fromPitch, to + r * toPitch, whole, floats, bias, floor);
    }
  }

  private static void floored(long from, long to, int whole, int floats, float bias, float floor) {
    FloatVector low = FloatVector.broadcast(F, floor);
    FloatVector shift = FloatVector.broadcast(F, bias);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector v = FloatVector.fromMemorySegment(F, ALL, from + 4L * i, LE).add(shift);
      v.blend(low, v.compare(VectorOperators.LT, low)).intoMemorySegment(ALL, to + 4L * i, LE);
    }
    if (whole < floats) {
      VectorMask<Float> rest = F.indexInRange(whole, floats);
      FloatVector v = FloatVector.fromMemorySegment(F, ALL, from + 4L * whole, LE).add(shift);
      v.blend(low, v.compare(VectorOperators.LT, low))
          .intoMemorySegment(ALL, to + 4L * whole, LE, rest);
    }
  }

  /** Adds rows of a tile to a tensor's rows. */
  static void addRows(
      long from, long fromPitch, long to, long toPitch, int rows, int floats, float bias) {
    int whole = floats - floats % LANES;
    for (int r = 0; r < rows; r++) {
      added(from + r * fromPitch, to + r * toPitch, whole, floats, bias);
    }
  }

  private static void added(long from, long to, int whole, int floats, float bias) {
    FloatVector shift = FloatVector.broadcast(F, bias);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector.fromMemorySegment(F, ALL, to + 4L * i, LE)
          .add(FloatVector.fromMemorySegment(F, ALL, from + 4L * i, LE).add(shift))
          .intoMemorySegment(ALL, to + 4L * i, LE);
    }
    if (whole < floats) {
      VectorMask<Float> rest = F.indexInRange(whole, floats);
      FloatVector.fromMemorySegment(F, ALL, to + 4L * whole, LE, rest)
          .add(FloatVector.fromMemorySegment(F, ALL, from + 4L * whole, LE).add(shift))
          .intoMemorySegment(ALL, to + 4L * whole, LE, rest);
    }
  }

  /** Copies the rows of a tile to floats that lie {@code step} bytes apart. */
  static void scatter(
      long from,
      long fromPitch,
      long to,
      long toPitch,
      long step,
      int rows,
      int floats,
      float bias,
      float floor) {
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < floats; i++) {
        float v = ALL.get(FLOAT, from + r * fromPitch + 4L * i) + bias;
        ALL.set(FLOAT, to + r * toPitch + i * step, v < floor ? floor : v);
      }
    }
  }

  /** Adds the rows of a tile to floats that lie {@code step} bytes apart. */
  static void addScattered(
      long from,
      long fromPitch,
      long to,
      long toPitch,
      long step,
      int rows,
      int floats,
      float bias) {
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < floats; i++) {
        long at = to + r * toPitch + i * step;
        ALL.set(
            FLOAT, at, ALL.get(FLOAT, at) + (ALL.get(FLOAT, from + r * fromPitch + 4L * i) + bias));
      }
    }
  }
}
