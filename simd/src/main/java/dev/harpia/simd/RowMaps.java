package dev.harpia.simd;

import static dev.harpia.simd.Vectors.ALL;
import static dev.harpia.simd.Vectors.BYTES;
import static dev.harpia.simd.Vectors.F;
import static dev.harpia.simd.Vectors.LANES;
import static dev.harpia.simd.Vectors.LE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Linear maps over one contiguous row of n elements. All of them may work in place; {@code add}
 * adds into the result.
 */
final class RowMaps {
  private RowMaps() {}

  /** y = [y +] x·s. */
  static void scaleBy(long y, long x, long n, float s, boolean add) {
    long whole = 4 * (n & -LANES);
    for (long o = 0; o < whole; o += BYTES) {
      FloatVector v =
          FloatVector.fromMemorySegment(F, ALL, x + o, LE).mul(FloatVector.broadcast(F, s));
      if (add) {
        v.add(FloatVector.fromMemorySegment(F, ALL, y + o, LE)).intoMemorySegment(ALL, y + o, LE);
      } else {
        v.intoMemorySegment(ALL, y + o, LE);
      }
    }
    if (whole != 4 * n) {
      VectorMask<Float> in =
          Lanes.IOTA.compare(VectorOperators.LT, FloatVector.broadcast(F, (float) (n - whole / 4)));
      FloatVector v =
          FloatVector.fromMemorySegment(F, ALL, x + whole, LE, in).mul(FloatVector.broadcast(F, s));
      if (add) {
        v = v.add(FloatVector.fromMemorySegment(F, ALL, y + whole, LE, in));
      }
      v.intoMemorySegment(ALL, y + whole, LE, in);
    }
  }

  /** y = [y +] (x − a) − b. */
  static void shiftBy(long y, long x, long n, float a, float b, boolean add) {
    long whole = 4 * (n & -LANES);
    for (long o = 0; o < whole; o += BYTES) {
      FloatVector v =
          FloatVector.fromMemorySegment(F, ALL, x + o, LE)
              .sub(FloatVector.broadcast(F, a))
              .sub(FloatVector.broadcast(F, b));
      if (add) {
        v.add(FloatVector.fromMemorySegment(F, ALL, y + o, LE)).intoMemorySegment(ALL, y + o, LE);
      } else {
        v.intoMemorySegment(ALL, y + o, LE);
      }
    }
    if (whole != 4 * n) {
      VectorMask<Float> in =
          Lanes.IOTA.compare(VectorOperators.LT, FloatVector.broadcast(F, (float) (n - whole / 4)));
      FloatVector v =
          FloatVector.fromMemorySegment(F, ALL, x + whole, LE, in)
              .sub(FloatVector.broadcast(F, a))
              .sub(FloatVector.broadcast(F, b));
      if (add) {
        v = v.add(FloatVector.fromMemorySegment(F, ALL, y + whole, LE, in));
      }
      v.intoMemorySegment(ALL, y + whole, LE, in);
    }
  }

  /** y = [y +] x·w. */
  static void product(long y, long x, long w, long n, boolean add) {
    long whole = 4 * (n & -LANES);
    for (long o = 0; o < whole; o += BYTES) {
      FloatVector v =
          FloatVector.fromMemorySegment(F, ALL, x + o, LE)
              .mul(FloatVector.fromMemorySegment(F, ALL, w + o, LE));
      if (add) {
        v.add(FloatVector.fromMemorySegment(F, ALL, y + o, LE)).intoMemorySegment(ALL, y + o, LE);
      } else {
        v.intoMemorySegment(ALL, y + o, LE);
      }
    }
    if (whole != 4 * n) {
      VectorMask<Float> in =
          Lanes.IOTA.compare(VectorOperators.LT, FloatVector.broadcast(F, (float) (n - whole / 4)));
      FloatVector v =
          FloatVector.fromMemorySegment(F, ALL, x + whole, LE, in)
              .mul(FloatVector.fromMemorySegment(F, ALL, w + whole, LE, in));
      if (add) {
        v = v.add(FloatVector.fromMemorySegment(F, ALL, y + whole, LE, in));
      }
      v.intoMemorySegment(ALL, y + whole, LE, in);
    }
  }

  /** z = [z +] y·(g − s). */
  static void softmaxGradient(long z, long y, long g, long n, float s, boolean add) {
    long whole = 4 * (n & -LANES);
    for (long o = 0; o < whole; o += BYTES) {
      FloatVector v =
          FloatVector.fromMemorySegment(F, ALL, y + o, LE)
              .mul(
                  FloatVector.fromMemorySegment(F, ALL, g + o, LE)
                      .sub(FloatVector.broadcast(F, s)));
      if (add) {
        v.add(FloatVector.fromMemorySegment(F, ALL, z + o, LE)).intoMemorySegment(ALL, z + o, LE);
      } else {
        v.intoMemorySegment(ALL, z + o, LE);
      }
    }
    if (whole != 4 * n) {
      VectorMask<Float> in =
          Lanes.IOTA.compare(VectorOperators.LT, FloatVector.broadcast(F, (float) (n - whole / 4)));
      FloatVector v =
          FloatVector.fromMemorySegment(F, ALL, y + whole, LE, in)
              .mul(
                  FloatVector.fromMemorySegment(F, ALL, g + whole, LE, in)
                      .sub(FloatVector.broadcast(F, s)));
      if (add) {
        v = v.add(FloatVector.fromMemorySegment(F, ALL, z + whole, LE, in));
      }
      v.intoMemorySegment(ALL, z + whole, LE, in);
    }
  }

  /** y = [y +] s. */
  static void fill(long y, long n, float s, boolean add) {
    long whole = 4 * (n & -LANES);
    FloatVector v = FloatVector.broadcast(F, s);
    for (long o = 0; o < whole; o += BYTES) {
      if (add) {
        v.add(FloatVector.fromMemorySegment(F, ALL, y + o, LE)).intoMemorySegment(ALL, y + o, LE);
      } else {
        v.intoMemorySegment(ALL, y + o, LE);
      }
    }
    if (whole != 4 * n) {
      VectorMask<Float> in =
          Lanes.IOTA.compare(VectorOperators.LT, FloatVector.broadcast(F, (float) (n - whole / 4)));
      FloatVector r = FloatVector.broadcast(F, s);
      if (add) {
        r = r.add(FloatVector.fromMemorySegment(F, ALL, y + whole, LE, in));
      }
      r.intoMemorySegment(ALL, y + whole, LE, in);
    }
  }

  /**
   * y = [y +] x, for rows that do not overlap. Plain copies are the JDK's: as fast at every length,
   * and never boxed, as a loop of our own was where it was compiled too early.
   */
  static void copy(long y, long x, long n, boolean add) {
    if (add) {
      accumulate(y, x, n);
    } else {
      Vectors.copy(x, y, 4 * n);
    }
  }

  private static void accumulate(long y, long x, long n) {
    long whole = 4 * (n & -LANES);
    for (long o = 0; o < whole; o += BYTES) {
      FloatVector v = FloatVector.fromMemorySegment(F, ALL, x + o, LE);
      v.add(FloatVector.fromMemorySegment(F, ALL, y + o, LE)).intoMemorySegment(ALL, y + o, LE);
    }
    if (whole != 4 * n) {
      VectorMask<Float> in =
          Lanes.IOTA.compare(VectorOperators.LT, FloatVector.broadcast(F, (float) (n - whole / 4)));
      FloatVector v = FloatVector.fromMemorySegment(F, ALL, x + whole, LE, in);
      v.add(FloatVector.fromMemorySegment(F, ALL, y + whole, LE, in))
          .intoMemorySegment(ALL, y + whole, LE, in);
    }
  }
}
