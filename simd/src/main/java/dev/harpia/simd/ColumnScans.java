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
 * Arg-max, arg-min and log-sum-exp along a middle axis, through compact blocks (see {@link
 * Columns}).
 */
final class ColumnScans {
  private static final Job.Body ARG =
      (job, from, to) -> {
        long stride = 4 * Columns.width(job.n);
        Scratch block = Scratch.acquire(job.n * stride + 2 * stride);
        long x = block.address();
        long values = x + job.n * stride;
        long indices = values + stride;
        for (long b = from; b < to; b++) {
          Columns.load(x, job.b, b, job.n, job.m);
          for (long o = 0; o < stride; o += BYTES) {
            if (job.flag) {
              argMax(values + o, indices + o, x + o, job.n * stride, stride);
            } else {
              argMin(values + o, indices + o, x + o, job.n * stride, stride);
            }
          }
          long at = 4 * Columns.column(b, job.n, job.m);
          long count = Columns.count(b, job.n, job.m);
          Vectors.copy(indices, job.a + at, 4 * count);
          if (job.c != 0) {
            Vectors.copy(values, job.c + at, 4 * count);
          }
        }
        block.keep();
        block.release();
      };
  private static final Job.Body LOG_SUM_EXP =
      (job, from, to) -> {
        long width = Columns.width(job.n);
        long stride = 4 * width;
        Scratch block = Scratch.acquire(job.n * stride + 2 * BYTES);
        long x = block.address();
        long s = x + job.n * stride;
        for (long b = from; b < to; b++) {
          Columns.load(x, job.b, b, job.n, job.m);
          long y = job.a + 4 * Columns.column(b, job.n, job.m);
          long count = Columns.count(b, job.n, job.m);
          for (long c = 0; c < count; c += LANES) {
            SoftmaxColumns.max(s, x + 4 * c, job.n * stride, stride);
            SoftmaxColumns.sum(s, x + 4 * c, job.n * stride, stride);
            for (long i = 0; i < LANES && c + i < count; i++) {
              double max = Vectors.get(s + 4 * i);
              float log = (float) (max + StrictMath.log(Vectors.get(s + BYTES + 4 * i)));
              Vectors.set(
                  y + 4 * (c + i),
                  Double.isInfinite(max) ? largest(x + 4 * (c + i), job.n, stride) : log);
            }
          }
        }
        block.keep();
        block.release();
      };

  private ColumnScans() {}

  static void arg(Job job, long outer, long axis, long inner) {
    job.n = axis;
    job.m = inner;
    job.over(Columns.blocks(outer, axis, inner), 2 * axis * Columns.width(axis), ARG);
  }

  static void logSumExp(Job job, long outer, long axis, long inner) {
    job.n = axis;
    job.m = inner;
    job.over(Columns.blocks(outer, axis, inner), 4 * axis * Columns.width(axis), LOG_SUM_EXP);
  }

  /** The largest element of one column, NaN if it holds one. */
  private static float largest(long x, long n, long stride) {
    float most = Float.NEGATIVE_INFINITY;
    for (long k = 0; k < n; k++) {
      most = Math.max(most, Vectors.get(x + k * stride));
    }
    return most;
  }

  /**
   * A column's best element changes where a larger one comes, or the first NaN. Indices are counted
   * in bits, not in floats.
   */
  private static void argMax(long value, long index, long x, long bytes, long stride) {
    FloatVector best = FloatVector.fromMemorySegment(F, ALL, x, LE);
    FloatVector at = FloatVector.zero(F);
    int k = 0;
    for (long o = 0; o < bytes; o += stride) {
      FloatVector v = FloatVector.fromMemorySegment(F, ALL, x + o, LE);
      VectorMask<Float> beaten =
          v.compare(VectorOperators.LE, best).or(best.test(VectorOperators.IS_NAN)).not();
      at = at.blend(FloatVector.broadcast(F, Float.intBitsToFloat(k)), beaten);
      best = best.blend(v, beaten);
      k++;
    }
    best.intoMemorySegment(ALL, value, LE);
    at.intoMemorySegment(ALL, index, LE);
  }

  private static void argMin(long value, long index, long x, long bytes, long stride) {
    FloatVector best = FloatVector.fromMemorySegment(F, ALL, x, LE);
    FloatVector at = FloatVector.zero(F);
    int k = 0;
    for (long o = 0; o < bytes; o += stride) {
      FloatVector v = FloatVector.fromMemorySegment(F, ALL, x + o, LE);
      VectorMask<Float> beaten =
          v.compare(VectorOperators.GE, best).or(best.test(VectorOperators.IS_NAN)).not();
      at = at.blend(FloatVector.broadcast(F, Float.intBitsToFloat(k)), beaten);
      best = best.blend(v, beaten);
      k++;
    }
    best.intoMemorySegment(ALL, value, LE);
    at.intoMemorySegment(ALL, index, LE);
  }
}
