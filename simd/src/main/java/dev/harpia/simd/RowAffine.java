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
 * Normalising maps and their gradients over one contiguous row of n elements. All of them may work
 * in place; {@code add} adds into the result.
 */
final class RowAffine {
  private RowAffine() {}

  /** y = [y +] (x − mean)·r. */
  static void normalize(long y, long x, long n, float mean, float r, boolean add) {
    long whole = 4 * (n & -LANES);
    for (long o = 0; o < whole; o += BYTES) {
      FloatVector v =
          FloatVector.fromMemorySegment(F, ALL, x + o, LE)
              .sub(FloatVector.broadcast(F, mean))
              .mul(FloatVector.broadcast(F, r));
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
              .sub(FloatVector.broadcast(F, mean))
              .mul(FloatVector.broadcast(F, r));
      if (add) {
        v = v.add(FloatVector.fromMemorySegment(F, ALL, y + whole, LE, in));
      }
      v.intoMemorySegment(ALL, y + whole, LE, in);
    }
  }

  /** y = [y +] (x − mean)·r + b. */
  static void affine(long y, long x, long n, float mean, float r, float b, boolean add) {
    long whole = 4 * (n & -LANES);
    for (long o = 0; o < whole; o += BYTES) {
      FloatVector v =
          FloatVector.fromMemorySegment(F, ALL, x + o, LE)
              .sub(FloatVector.broadcast(F, mean))
              .fma(FloatVector.broadcast(F, r), FloatVector.broadcast(F, b));
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
              .sub(FloatVector.broadcast(F, mean))
              .fma(FloatVector.broadcast(F, r), FloatVector.broadcast(F, b));
      if (add) {
        v = v.add(FloatVector.fromMemorySegment(F, ALL, y + whole, LE, in));
      }
      v.intoMemorySegment(ALL, y + whole, LE, in);
    }
  }

  /** y = [y +] (x − mean)·r·w. */
  static void scaleRow(long y, long x, long w, long n, float mean, float r, boolean add) {
    long whole = 4 * (n & -LANES);
    for (long o = 0; o < whole; o += BYTES) {
      FloatVector v =
          FloatVector.fromMemorySegment(F, ALL, x + o, LE)
              .sub(FloatVector.broadcast(F, mean))
              .mul(FloatVector.broadcast(F, r))
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
              .sub(FloatVector.broadcast(F, mean))
              .mul(FloatVector.broadcast(F, r))
              .mul(FloatVector.fromMemorySegment(F, ALL, w + whole, LE, in));
      if (add) {
        v = v.add(FloatVector.fromMemorySegment(F, ALL, y + whole, LE, in));
      }
      v.intoMemorySegment(ALL, y + whole, LE, in);
    }
  }

  /** y = [y +] (x − mean)·r·w + b. */
  static void affineRow(long y, long x, long w, long b, long n, float mean, float r, boolean add) {
    long whole = 4 * (n & -LANES);
    for (long o = 0; o < whole; o += BYTES) {
      FloatVector v =
          FloatVector.fromMemorySegment(F, ALL, x + o, LE)
              .sub(FloatVector.broadcast(F, mean))
              .mul(FloatVector.broadcast(F, r))
              .fma(
                  FloatVector.fromMemorySegment(F, ALL, w + o, LE),
                  FloatVector.fromMemorySegment(F, ALL, b + o, LE));
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
              .sub(FloatVector.broadcast(F, mean))
              .mul(FloatVector.broadcast(F, r))
              .fma(
                  FloatVector.fromMemorySegment(F, ALL, w + whole, LE, in),
                  FloatVector.fromMemorySegment(F, ALL, b + whole, LE, in));
      if (add) {
        v = v.add(FloatVector.fromMemorySegment(F, ALL, y + whole, LE, in));
      }
      v.intoMemorySegment(ALL, y + whole, LE, in);
    }
  }

  /** z = [z +] a·g − b·(x − mean) − c. */
  static void combine(
      long z, long g, long x, long n, float a, float b, float mean, float c, boolean add) {
    long whole = 4 * (n & -LANES);
    for (long o = 0; o < whole; o += BYTES) {
      FloatVector v =
          FloatVector.fromMemorySegment(F, ALL, g + o, LE)
              .mul(FloatVector.broadcast(F, a))
              .sub(
                  FloatVector.fromMemorySegment(F, ALL, x + o, LE)
                      .sub(FloatVector.broadcast(F, mean))
                      .mul(FloatVector.broadcast(F, b)))
              .sub(FloatVector.broadcast(F, c));
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
          FloatVector.fromMemorySegment(F, ALL, g + whole, LE, in)
              .mul(FloatVector.broadcast(F, a))
              .sub(
                  FloatVector.fromMemorySegment(F, ALL, x + whole, LE, in)
                      .sub(FloatVector.broadcast(F, mean))
                      .mul(FloatVector.broadcast(F, b)))
              .sub(FloatVector.broadcast(F, c));
      if (add) {
        v = v.add(FloatVector.fromMemorySegment(F, ALL, z + whole, LE, in));
      }
      v.intoMemorySegment(ALL, z + whole, LE, in);
    }
  }

  /** z = [z +] a·g·w − b·(x − mean) − c. */
  static void combineRow(
      long z, long g, long w, long x, long n, float a, float b, float mean, float c, boolean add) {
    long whole = 4 * (n & -LANES);
    for (long o = 0; o < whole; o += BYTES) {
      FloatVector v =
          FloatVector.fromMemorySegment(F, ALL, g + o, LE)
              .mul(FloatVector.fromMemorySegment(F, ALL, w + o, LE))
              .mul(FloatVector.broadcast(F, a))
              .sub(
                  FloatVector.fromMemorySegment(F, ALL, x + o, LE)
                      .sub(FloatVector.broadcast(F, mean))
                      .mul(FloatVector.broadcast(F, b)))
              .sub(FloatVector.broadcast(F, c));
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
          FloatVector.fromMemorySegment(F, ALL, g + whole, LE, in)
              .mul(FloatVector.fromMemorySegment(F, ALL, w + whole, LE, in))
              .mul(FloatVector.broadcast(F, a))
              .sub(
                  FloatVector.fromMemorySegment(F, ALL, x + whole, LE, in)
                      .sub(FloatVector.broadcast(F, mean))
                      .mul(FloatVector.broadcast(F, b)))
              .sub(FloatVector.broadcast(F, c));
      if (add) {
        v = v.add(FloatVector.fromMemorySegment(F, ALL, z + whole, LE, in));
      }
      v.intoMemorySegment(ALL, z + whole, LE, in);
    }
  }

  /** z = [z +] g·(x − mean)·r. */
  static void addProduct(long z, long g, long x, long n, float mean, float r, boolean add) {
    long whole = 4 * (n & -LANES);
    for (long o = 0; o < whole; o += BYTES) {
      FloatVector v =
          FloatVector.fromMemorySegment(F, ALL, x + o, LE)
              .sub(FloatVector.broadcast(F, mean))
              .mul(FloatVector.broadcast(F, r))
              .mul(FloatVector.fromMemorySegment(F, ALL, g + o, LE));
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
          FloatVector.fromMemorySegment(F, ALL, x + whole, LE, in)
              .sub(FloatVector.broadcast(F, mean))
              .mul(FloatVector.broadcast(F, r))
              .mul(FloatVector.fromMemorySegment(F, ALL, g + whole, LE, in));
      if (add) {
        v = v.add(FloatVector.fromMemorySegment(F, ALL, z + whole, LE, in));
      }
      v.intoMemorySegment(ALL, z + whole, LE, in);
    }
  }
}
