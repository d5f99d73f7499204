package dev.harpia.simd;

import static dev.harpia.simd.Vectors.ALL;
import static dev.harpia.simd.Vectors.BYTES;
import static dev.harpia.simd.Vectors.F;
import static dev.harpia.simd.Vectors.I;
import static dev.harpia.simd.Vectors.LANES;
import static dev.harpia.simd.Vectors.LE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Max pools without the places of the largest values, for inference: column strides of 1 or 2. NaN
 * wins; of zeros of both signs, equal as they are, either may be the result.
 */
final class MaxPoolValues {
  private MaxPoolValues() {}

  static void plane(PoolShape p, long x, long y, long scratch) {
    int w = p.w();
    long values = scratch + 4L * p.pw();
    fill(scratch, p.pw());
    fill(values + 4L * w, p.kw() * p.dw() + p.sw());
    for (int oy = 0; oy < p.oh(); oy++) {
      int top = p.top(oy);
      int rows = Math.ceilDiv(p.bottom(oy) - top, p.stepY());
      columns(x + 4L * top * w, 4L * p.stepY() * w, rows, w, values);
      row(scratch, p.sw(), p.kw(), p.dw(), y + 4L * oy * p.ow(), p.ow());
    }
  }

  /** Values that are never chosen. */
  private static void fill(long values, int count) {
    for (int i = 0; i < count; i++) {
      Vectors.set(values + 4L * i, Float.NEGATIVE_INFINITY);
    }
  }

  private static void columns(long x, long pitch, int rows, int w, long values) {
    for (int i = 0; i < w; i += LANES) {
      VectorMask<Float> inside = F.indexInRange(i, w);
      FloatVector best = FloatVector.fromMemorySegment(F, ALL, x + 4L * i, LE, inside);
      for (int r = 1; r < rows; r++) {
        FloatVector v = FloatVector.fromMemorySegment(F, ALL, x + r * pitch + 4L * i, LE, inside);
        best =
            best.blend(v, v.compare(VectorOperators.GT, best).or(v.compare(VectorOperators.NE, v)));
      }
      best.intoMemorySegment(ALL, values + 4L * i, LE, inside);
    }
  }

  private static void row(long values, int stride, int taps, int step, long y, int ow) {
    IntVector every = IntVector.zero(I).addIndex(stride);
    for (int i = 0; i < ow; i += LANES) {
      long from = values + 4L * stride * i;
      FloatVector best =
          every
              .selectFrom(
                  IntVector.fromMemorySegment(I, ALL, from, LE),
                  IntVector.fromMemorySegment(I, ALL, from + BYTES, LE))
              .reinterpretAsFloats();
      for (int t = 1; t < taps; t++) {
        long tap = from + 4L * t * step;
        FloatVector v =
            every
                .selectFrom(
                    IntVector.fromMemorySegment(I, ALL, tap, LE),
                    IntVector.fromMemorySegment(I, ALL, tap + BYTES, LE))
                .reinterpretAsFloats();
        best =
            best.blend(v, v.compare(VectorOperators.GT, best).or(v.compare(VectorOperators.NE, v)));
      }
      best.intoMemorySegment(ALL, y + 4L * i, LE, F.indexInRange(i, ow));
    }
  }

  /**
   * The largest of 2×2 windows side by side, of pixels that are a vector each: {@code count}
   * windows of two rows {@code pitch} bytes apart. May write over its source.
   */
  static void pairs(long from, long pitch, long to, int count) {
    for (int i = 0; i < count; i++) {
      long at = from + 2L * i * BYTES;
      FloatVector best = FloatVector.fromMemorySegment(F, ALL, at, LE);
      FloatVector v = FloatVector.fromMemorySegment(F, ALL, at + BYTES, LE);
      best =
          best.blend(v, v.compare(VectorOperators.GT, best).or(v.compare(VectorOperators.NE, v)));
      v = FloatVector.fromMemorySegment(F, ALL, at + pitch, LE);
      best =
          best.blend(v, v.compare(VectorOperators.GT, best).or(v.compare(VectorOperators.NE, v)));
      v = FloatVector.fromMemorySegment(F, ALL, at + pitch + BYTES, LE);
      best =
          best.blend(v, v.compare(VectorOperators.GT, best).or(v.compare(VectorOperators.NE, v)));
      best.intoMemorySegment(ALL, to + (long) i * BYTES, LE);
    }
  }
}
