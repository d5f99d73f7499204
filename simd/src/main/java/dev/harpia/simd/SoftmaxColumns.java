package dev.harpia.simd;

import static dev.harpia.simd.Vectors.ALL;
import static dev.harpia.simd.Vectors.BYTES;
import static dev.harpia.simd.Vectors.F;
import static dev.harpia.simd.Vectors.I;
import static dev.harpia.simd.Vectors.LE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Softmax along a middle axis, one vector of columns at a time within compact blocks (see {@link
 * Columns}). Sums are compensated (Kahan), since columns may be long.
 */
final class SoftmaxColumns {
  private static final Job.Body FORWARD =
      (job, from, to) -> {
        long stride = 4 * Columns.width(job.n);
        Scratch block = Scratch.acquire(job.n * stride + 2 * BYTES);
        long x = block.address();
        long s = x + job.n * stride;
        for (long b = from; b < to; b++) {
          Columns.load(x, job.b, b, job.n, job.m);
          for (long o = 0; o < stride; o += BYTES) {
            column(x + o, job.n, stride, s, job.flag);
          }
          Columns.store(job.a, x, b, job.n, job.m, false);
        }
        block.keep();
        block.release();
      };
  private static final Job.Body BACKWARD =
      (job, from, to) -> {
        long stride = 4 * Columns.width(job.n);
        Scratch block = Scratch.acquire(2 * job.n * stride + BYTES);
        long g = block.address();
        long y = g + job.n * stride;
        long s = y + job.n * stride;
        for (long b = from; b < to; b++) {
          Columns.load(g, job.b, b, job.n, job.m);
          Columns.load(y, job.c, b, job.n, job.m);
          for (long o = 0; o < stride; o += BYTES) {
            if (job.flag) {
              logGradient(g + o, y + o, job.n * stride, stride, s);
            } else {
              gradient(g + o, y + o, job.n * stride, stride, s);
            }
          }
          Columns.store(job.a, g, b, job.n, job.m, job.add);
        }
        block.keep();
        block.release();
      };

  private SoftmaxColumns() {}

  /** Forward where the job has no y (c = 0), else backward; logarithmic with the job's flag. */
  static void run(Job job, long outer, long axis, long inner) {
    job.n = axis;
    job.m = inner;
    job.over(
        Columns.blocks(outer, axis, inner),
        4 * axis * Columns.width(axis),
        job.c == 0 ? FORWARD : BACKWARD);
  }

  private static void column(long x, long n, long stride, long s, boolean log) {
    long bytes = n * stride;
    max(s, x, bytes, stride);
    if (log) {
      sum(s, x, bytes, stride);
      logs(s);
      shift(x, bytes, stride, s);
    } else {
      exp(s, x, bytes, stride);
      scale(x, bytes, stride, s);
    }
  }

  /** In s: the largest number of each column; columns of NaN and of −∞ keep −∞. */
  static void max(long s, long x, long bytes, long stride) {
    FloatVector m = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
    for (long o = 0; o < bytes; o += stride) {
      FloatVector v = FloatVector.fromMemorySegment(F, ALL, x + o, LE);
      m = m.blend(v, v.compare(VectorOperators.GT, m));
    }
    m.intoMemorySegment(ALL, s, LE);
  }

  /** After s, Σ e^(x − s); with x replaced by e^(x − s). */
  private static void exp(long s, long x, long bytes, long stride) {
    FloatVector max = FloatVector.fromMemorySegment(F, ALL, s, LE);
    FloatVector sum = FloatVector.zero(F);
    FloatVector lost = FloatVector.zero(F);
    for (long o = 0; o < bytes; o += stride) {
      FloatVector v = FloatVector.fromMemorySegment(F, ALL, x + o, LE).sub(max);
      FloatVector t =
          v.fma(FloatVector.broadcast(F, Exp.LOG2E), FloatVector.broadcast(F, Exp.MAGIC));
      FloatVector k = t.sub(FloatVector.broadcast(F, Exp.MAGIC));
      FloatVector r = k.fma(FloatVector.broadcast(F, Exp.MINUS_LN2_HIGH), v);
      r = k.fma(FloatVector.broadcast(F, Exp.MINUS_LN2_LOW), r);
      FloatVector p = r.fma(FloatVector.broadcast(F, Exp.C6), FloatVector.broadcast(F, Exp.C5));
      p = p.fma(r, FloatVector.broadcast(F, Exp.C4));
      p = p.fma(r, FloatVector.broadcast(F, Exp.C3));
      p = p.fma(r, FloatVector.broadcast(F, Exp.C2));
      p = p.fma(r.mul(r), r).add(FloatVector.broadcast(F, 1f));
      FloatVector scale =
          t.reinterpretAsInts()
              .lanewise(VectorOperators.LSHL, 23)
              .add(IntVector.broadcast(I, Exp.ONE))
              .reinterpretAsFloats();
      FloatVector e =
          p.mul(scale)
              .blend(
                  FloatVector.zero(F),
                  v.compare(VectorOperators.LT, FloatVector.broadcast(F, Exp.LOWEST)));
      e.intoMemorySegment(ALL, x + o, LE);
      FloatVector term = e.sub(lost);
      FloatVector next = sum.add(term);
      lost = next.sub(sum).sub(term);
      sum = next;
    }
    sum.intoMemorySegment(ALL, s + BYTES, LE);
  }

  /** After s, Σ e^(x − s). */
  static void sum(long s, long x, long bytes, long stride) {
    FloatVector max = FloatVector.fromMemorySegment(F, ALL, s, LE);
    FloatVector sum = FloatVector.zero(F);
    FloatVector lost = FloatVector.zero(F);
    for (long o = 0; o < bytes; o += stride) {
      FloatVector v = FloatVector.fromMemorySegment(F, ALL, x + o, LE).sub(max);
      FloatVector t =
          v.fma(FloatVector.broadcast(F, Exp.LOG2E), FloatVector.broadcast(F, Exp.MAGIC));
      FloatVector k = t.sub(FloatVector.broadcast(F, Exp.MAGIC));
      FloatVector r = k.fma(FloatVector.broadcast(F, Exp.MINUS_LN2_HIGH), v);
      r = k.fma(FloatVector.broadcast(F, Exp.MINUS_LN2_LOW), r);
      FloatVector p = r.fma(FloatVector.broadcast(F, Exp.C6), FloatVector.broadcast(F, Exp.C5));
      p = p.fma(r, FloatVector.broadcast(F, Exp.C4));
      p = p.fma(r, FloatVector.broadcast(F, Exp.C3));
      p = p.fma(r, FloatVector.broadcast(F, Exp.C2));
      p = p.fma(r.mul(r), r).add(FloatVector.broadcast(F, 1f));
      FloatVector scale =
          t.reinterpretAsInts()
              .lanewise(VectorOperators.LSHL, 23)
              .add(IntVector.broadcast(I, Exp.ONE))
              .reinterpretAsFloats();
      FloatVector e =
          p.mul(scale)
              .blend(
                  FloatVector.zero(F),
                  v.compare(VectorOperators.LT, FloatVector.broadcast(F, Exp.LOWEST)));
      FloatVector term = e.sub(lost);
      FloatVector next = sum.add(term);
      lost = next.sub(sum).sub(term);
      sum = next;
    }
    sum.intoMemorySegment(ALL, s + BYTES, LE);
  }

  private static void scale(long x, long bytes, long stride, long s) {
    FloatVector sum = FloatVector.fromMemorySegment(F, ALL, s + BYTES, LE);
    for (long o = 0; o < bytes; o += stride) {
      FloatVector.fromMemorySegment(F, ALL, x + o, LE).div(sum).intoMemorySegment(ALL, x + o, LE);
    }
  }

  /** Replaces the sums after s by their logarithms. */
  static void logs(long s) {
    for (long o = BYTES; o < 2 * BYTES; o += 4) {
      Vectors.set(s + o, (float) StrictMath.log(Vectors.get(s + o)));
    }
  }

  private static void shift(long x, long bytes, long stride, long s) {
    FloatVector max = FloatVector.fromMemorySegment(F, ALL, s, LE);
    FloatVector log = FloatVector.fromMemorySegment(F, ALL, s + BYTES, LE);
    for (long o = 0; o < bytes; o += stride) {
      FloatVector.fromMemorySegment(F, ALL, x + o, LE)
          .sub(max)
          .sub(log)
          .intoMemorySegment(ALL, x + o, LE);
    }
  }

  private static void gradient(long g, long y, long bytes, long stride, long s) {
    dot(s, g, y, bytes, stride);
    apply(g, y, bytes, stride, s);
  }

  private static void dot(long s, long g, long y, long bytes, long stride) {
    FloatVector sum = FloatVector.zero(F);
    FloatVector lost = FloatVector.zero(F);
    for (long o = 0; o < bytes; o += stride) {
      FloatVector product =
          FloatVector.fromMemorySegment(F, ALL, g + o, LE)
              .mul(FloatVector.fromMemorySegment(F, ALL, y + o, LE));
      FloatVector term = product.sub(lost);
      FloatVector next = sum.add(term);
      lost = next.sub(sum).sub(term);
      sum = next;
    }
    sum.intoMemorySegment(ALL, s, LE);
  }

  private static void apply(long g, long y, long bytes, long stride, long s) {
    FloatVector sum = FloatVector.fromMemorySegment(F, ALL, s, LE);
    for (long o = 0; o < bytes; o += stride) {
      FloatVector v = FloatVector.fromMemorySegment(F, ALL, g + o, LE).sub(sum);
      v.mul(FloatVector.fromMemorySegment(F, ALL, y + o, LE)).intoMemorySegment(ALL, g + o, LE);
    }
  }

  private static void logGradient(long g, long y, long bytes, long stride, long s) {
    total(s, g, bytes, stride);
    applyLog(g, y, bytes, stride, s);
  }

  private static void total(long s, long g, long bytes, long stride) {
    FloatVector sum = FloatVector.zero(F);
    FloatVector lost = FloatVector.zero(F);
    for (long o = 0; o < bytes; o += stride) {
      FloatVector term = FloatVector.fromMemorySegment(F, ALL, g + o, LE).sub(lost);
      FloatVector next = sum.add(term);
      lost = next.sub(sum).sub(term);
      sum = next;
    }
    sum.intoMemorySegment(ALL, s, LE);
  }

  private static void applyLog(long g, long y, long bytes, long stride, long s) {
    FloatVector sum = FloatVector.fromMemorySegment(F, ALL, s, LE);
    for (long o = 0; o < bytes; o += stride) {
      FloatVector v = FloatVector.fromMemorySegment(F, ALL, y + o, LE);
      FloatVector t =
          v.fma(FloatVector.broadcast(F, Exp.LOG2E), FloatVector.broadcast(F, Exp.MAGIC));
      FloatVector k = t.sub(FloatVector.broadcast(F, Exp.MAGIC));
      FloatVector r = k.fma(FloatVector.broadcast(F, Exp.MINUS_LN2_HIGH), v);
      r = k.fma(FloatVector.broadcast(F, Exp.MINUS_LN2_LOW), r);
      FloatVector p = r.fma(FloatVector.broadcast(F, Exp.C6), FloatVector.broadcast(F, Exp.C5));
      p = p.fma(r, FloatVector.broadcast(F, Exp.C4));
      p = p.fma(r, FloatVector.broadcast(F, Exp.C3));
      p = p.fma(r, FloatVector.broadcast(F, Exp.C2));
      p = p.fma(r.mul(r), r).add(FloatVector.broadcast(F, 1f));
      FloatVector scale =
          t.reinterpretAsInts()
              .lanewise(VectorOperators.LSHL, 23)
              .add(IntVector.broadcast(I, Exp.ONE))
              .reinterpretAsFloats();
      FloatVector e =
          p.mul(scale)
              .blend(
                  FloatVector.zero(F),
                  v.compare(VectorOperators.LT, FloatVector.broadcast(F, Exp.LOWEST)));
      FloatVector.fromMemorySegment(F, ALL, g + o, LE)
          .sub(e.mul(sum))
          .intoMemorySegment(ALL, g + o, LE);
    }
  }
}
