package dev.harpia.simd;

import static dev.harpia.simd.Vectors.ALL;
import static dev.harpia.simd.Vectors.BYTES;
import static dev.harpia.simd.Vectors.F;
import static dev.harpia.simd.Vectors.LANES;
import static dev.harpia.simd.Vectors.LE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Rows folded into a row: y = y ∘ x elementwise, over n elements. */
final class RowFolds {
  private RowFolds() {}

  /** y = max(y, x). */
  static void max(long y, long x, long n) {
    long whole = 4 * (n & -LANES);
    for (long o = 0; o < whole; o += BYTES) {
      FloatVector v =
          FloatVector.fromMemorySegment(F, ALL, y + o, LE)
              .max(FloatVector.fromMemorySegment(F, ALL, x + o, LE));
      v.intoMemorySegment(ALL, y + o, LE);
    }
    if (whole != 4 * n) {
      VectorMask<Float> in =
          Lanes.IOTA.compare(VectorOperators.LT, FloatVector.broadcast(F, (float) (n - whole / 4)));
      FloatVector v =
          FloatVector.fromMemorySegment(F, ALL, y + whole, LE, in)
              .max(FloatVector.fromMemorySegment(F, ALL, x + whole, LE, in));
      v.intoMemorySegment(ALL, y + whole, LE, in);
    }
  }

  /** y = min(y, x). */
  static void min(long y, long x, long n) {
    long whole = 4 * (n & -LANES);
    for (long o = 0; o < whole; o += BYTES) {
      FloatVector v =
          FloatVector.fromMemorySegment(F, ALL, y + o, LE)
              .min(FloatVector.fromMemorySegment(F, ALL, x + o, LE));
      v.intoMemorySegment(ALL, y + o, LE);
    }
    if (whole != 4 * n) {
      VectorMask<Float> in =
          Lanes.IOTA.compare(VectorOperators.LT, FloatVector.broadcast(F, (float) (n - whole / 4)));
      FloatVector v =
          FloatVector.fromMemorySegment(F, ALL, y + whole, LE, in)
              .min(FloatVector.fromMemorySegment(F, ALL, x + whole, LE, in));
      v.intoMemorySegment(ALL, y + whole, LE, in);
    }
  }

  /** y = y·x. */
  static void multiply(long y, long x, long n) {
    long whole = 4 * (n & -LANES);
    for (long o = 0; o < whole; o += BYTES) {
      FloatVector v =
          FloatVector.fromMemorySegment(F, ALL, y + o, LE)
              .mul(FloatVector.fromMemorySegment(F, ALL, x + o, LE));
      v.intoMemorySegment(ALL, y + o, LE);
    }
    if (whole != 4 * n) {
      VectorMask<Float> in =
          Lanes.IOTA.compare(VectorOperators.LT, FloatVector.broadcast(F, (float) (n - whole / 4)));
      FloatVector v =
          FloatVector.fromMemorySegment(F, ALL, y + whole, LE, in)
              .mul(FloatVector.fromMemorySegment(F, ALL, x + whole, LE, in));
      v.intoMemorySegment(ALL, y + whole, LE, in);
    }
  }

  /** y = y + x. */
  static void add(long y, long x, long n) {
    long whole = 4 * (n & -LANES);
    for (long o = 0; o < whole; o += BYTES) {
      FloatVector v =
          FloatVector.fromMemorySegment(F, ALL, y + o, LE)
              .add(FloatVector.fromMemorySegment(F, ALL, x + o, LE));
      v.intoMemorySegment(ALL, y + o, LE);
    }
    if (whole != 4 * n) {
      VectorMask<Float> in =
          Lanes.IOTA.compare(VectorOperators.LT, FloatVector.broadcast(F, (float) (n - whole / 4)));
      FloatVector v =
          FloatVector.fromMemorySegment(F, ALL, y + whole, LE, in)
              .add(FloatVector.fromMemorySegment(F, ALL, x + whole, LE, in));
      v.intoMemorySegment(ALL, y + whole, LE, in);
    }
  }

  /** y = y + x². */
  static void addSquares(long y, long x, long n) {
    long whole = 4 * (n & -LANES);
    for (long o = 0; o < whole; o += BYTES) {
      FloatVector v =
          FloatVector.fromMemorySegment(F, ALL, y + o, LE)
              .add(
                  FloatVector.fromMemorySegment(F, ALL, x + o, LE)
                      .mul(FloatVector.fromMemorySegment(F, ALL, x + o, LE)));
      v.intoMemorySegment(ALL, y + o, LE);
    }
    if (whole != 4 * n) {
      VectorMask<Float> in =
          Lanes.IOTA.compare(VectorOperators.LT, FloatVector.broadcast(F, (float) (n - whole / 4)));
      FloatVector v =
          FloatVector.fromMemorySegment(F, ALL, y + whole, LE, in)
              .add(
                  FloatVector.fromMemorySegment(F, ALL, x + whole, LE, in)
                      .mul(FloatVector.fromMemorySegment(F, ALL, x + whole, LE, in)));
      v.intoMemorySegment(ALL, y + whole, LE, in);
    }
  }

  /** y = y + (x − m)². */
  static void addDeviations(long y, long x, long m, long n) {
    long whole = 4 * (n & -LANES);
    for (long o = 0; o < whole; o += BYTES) {
      FloatVector v =
          FloatVector.fromMemorySegment(F, ALL, y + o, LE)
              .add(
                  FloatVector.fromMemorySegment(F, ALL, x + o, LE)
                      .sub(FloatVector.fromMemorySegment(F, ALL, m + o, LE))
                      .mul(
                          FloatVector.fromMemorySegment(F, ALL, x + o, LE)
                              .sub(FloatVector.fromMemorySegment(F, ALL, m + o, LE))));
      v.intoMemorySegment(ALL, y + o, LE);
    }
    if (whole != 4 * n) {
      VectorMask<Float> in =
          Lanes.IOTA.compare(VectorOperators.LT, FloatVector.broadcast(F, (float) (n - whole / 4)));
      FloatVector v =
          FloatVector.fromMemorySegment(F, ALL, y + whole, LE, in)
              .add(
                  FloatVector.fromMemorySegment(F, ALL, x + whole, LE, in)
                      .sub(FloatVector.fromMemorySegment(F, ALL, m + whole, LE, in))
                      .mul(
                          FloatVector.fromMemorySegment(F, ALL, x + whole, LE, in)
                              .sub(FloatVector.fromMemorySegment(F, ALL, m + whole, LE, in))));
      v.intoMemorySegment(ALL, y + whole, LE, in);
    }
  }

  /** y = y + x₀ + x₁ + x₂ + x₃, rows that stand {@code stride} bytes apart. */
  static void addFour(long y, long x, long stride, long n) {
    long whole = 4 * (n & -LANES);
    addFourWhole(y, x, stride, whole);
    if (whole != 4 * n) {
      addFourRest(y + whole, x + whole, stride, (int) (n - whole / 4));
    }
  }

  // Loop and rest stand apart: in one method C1 runs out of virtual registers, and the method may
  // stay slow for good (compiled at its second level, refused at its third).
  private static void addFourWhole(long y, long x, long stride, long bytes) {
    for (long o = 0; o < bytes; o += BYTES) {
      FloatVector v =
          FloatVector.fromMemorySegment(F, ALL, y + o, LE)
              .add(
                  FloatVector.fromMemorySegment(F, ALL, x + o, LE)
                      .add(FloatVector.fromMemorySegment(F, ALL, x + stride + o, LE))
                      .add(
                          FloatVector.fromMemorySegment(F, ALL, x + 2 * stride + o, LE)
                              .add(FloatVector.fromMemorySegment(F, ALL, x + 3 * stride + o, LE))));
      v.intoMemorySegment(ALL, y + o, LE);
    }
  }

  private static void addFourRest(long y, long x, long stride, int lanes) {
    VectorMask<Float> in =
        Lanes.IOTA.compare(VectorOperators.LT, FloatVector.broadcast(F, (float) lanes));
    FloatVector v =
        FloatVector.fromMemorySegment(F, ALL, y, LE, in)
            .add(
                FloatVector.fromMemorySegment(F, ALL, x, LE, in)
                    .add(FloatVector.fromMemorySegment(F, ALL, x + stride, LE, in))
                    .add(
                        FloatVector.fromMemorySegment(F, ALL, x + 2 * stride, LE, in)
                            .add(FloatVector.fromMemorySegment(F, ALL, x + 3 * stride, LE, in))));
    v.intoMemorySegment(ALL, y, LE, in);
  }
}
