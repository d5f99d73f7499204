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
 * Gradients through an exponential, over one contiguous row; see {@link RowExp}. All of them may
 * work in place, and {@code add} adds into the result.
 */
final class RowExpGradients {
  private RowExpGradients() {}

  /**
   * z = [z +] a·e^(x − m) − b: the gradient of a cross-entropy with respect to a row of logits. May
   * work in place.
   */
  static void weighted(long z, long x, long n, float m, float a, float b, boolean add) {
    long whole = n & -LANES;
    weightedBlock(z, x, 4 * whole, m, a, b, add);
    if (whole != n) {
      weightedTail(z + 4 * whole, x + 4 * whole, n - whole, m, a, b, add);
    }
  }

  private static void weightedBlock(
      long z, long x, long bytes, float m, float a, float b, boolean add) {
    for (long o = 0; o < bytes; o += BYTES) {
      FloatVector v =
          FloatVector.fromMemorySegment(F, ALL, x + o, LE).sub(FloatVector.broadcast(F, m));
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
      FloatVector d = e.mul(FloatVector.broadcast(F, a)).sub(FloatVector.broadcast(F, b));
      if (add) {
        d.add(FloatVector.fromMemorySegment(F, ALL, z + o, LE)).intoMemorySegment(ALL, z + o, LE);
      } else {
        d.intoMemorySegment(ALL, z + o, LE);
      }
    }
  }

  private static void weightedTail(long z, long x, long n, float m, float a, float b, boolean add) {
    VectorMask<Float> in =
        Lanes.IOTA.compare(VectorOperators.LT, FloatVector.broadcast(F, (float) (n)));
    FloatVector v =
        FloatVector.fromMemorySegment(F, ALL, x, LE, in).sub(FloatVector.broadcast(F, m));
    FloatVector t = v.fma(FloatVector.broadcast(F, Exp.LOG2E), FloatVector.broadcast(F, Exp.MAGIC));
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
    FloatVector d = e.mul(FloatVector.broadcast(F, a)).sub(FloatVector.broadcast(F, b));
    if (add) {
      d.add(FloatVector.fromMemorySegment(F, ALL, z, LE, in)).intoMemorySegment(ALL, z, LE, in);
    } else {
      d.intoMemorySegment(ALL, z, LE, in);
    }
  }

  /** z = [z +] a·e^(x − m) − b·t, with a row t. May work in place. */
  static void weighted(long z, long x, long t, long n, float m, float a, float b, boolean add) {
    long whole = n & -LANES;
    targetsBlock(z, x, t, 4 * whole, m, a, b, add);
    if (whole != n) {
      targetsTail(z + 4 * whole, x + 4 * whole, t + 4 * whole, n - whole, m, a, b, add);
    }
  }

  private static void targetsBlock(
      long z, long x, long target, long bytes, float m, float a, float b, boolean add) {
    for (long o = 0; o < bytes; o += BYTES) {
      FloatVector v =
          FloatVector.fromMemorySegment(F, ALL, x + o, LE).sub(FloatVector.broadcast(F, m));
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
      FloatVector d =
          e.mul(FloatVector.broadcast(F, a))
              .sub(
                  FloatVector.fromMemorySegment(F, ALL, target + o, LE)
                      .mul(FloatVector.broadcast(F, b)));
      if (add) {
        d.add(FloatVector.fromMemorySegment(F, ALL, z + o, LE)).intoMemorySegment(ALL, z + o, LE);
      } else {
        d.intoMemorySegment(ALL, z + o, LE);
      }
    }
  }

  private static void targetsTail(
      long z, long x, long target, long n, float m, float a, float b, boolean add) {
    VectorMask<Float> in =
        Lanes.IOTA.compare(VectorOperators.LT, FloatVector.broadcast(F, (float) (n)));
    FloatVector v =
        FloatVector.fromMemorySegment(F, ALL, x, LE, in).sub(FloatVector.broadcast(F, m));
    FloatVector t = v.fma(FloatVector.broadcast(F, Exp.LOG2E), FloatVector.broadcast(F, Exp.MAGIC));
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
    FloatVector d =
        e.mul(FloatVector.broadcast(F, a))
            .sub(
                FloatVector.fromMemorySegment(F, ALL, target, LE, in)
                    .mul(FloatVector.broadcast(F, b)));
    if (add) {
      d.add(FloatVector.fromMemorySegment(F, ALL, z, LE, in)).intoMemorySegment(ALL, z, LE, in);
    } else {
      d.intoMemorySegment(ALL, z, LE, in);
    }
  }

  /** z = [z +] g − s·e^y: the gradient through a row of log-softmax. May work in place. */
  static void logSoftmaxGradient(long z, long g, long y, long n, float s, boolean add) {
    long whole = n & -LANES;
    gradientBlock(z, g, y, 4 * whole, s, add);
    if (whole != n) {
      gradientTail(z + 4 * whole, g + 4 * whole, y + 4 * whole, n - whole, s, add);
    }
  }

  private static void gradientBlock(long z, long g, long x, long bytes, float s, boolean add) {
    for (long o = 0; o < bytes; o += BYTES) {
      FloatVector v = FloatVector.fromMemorySegment(F, ALL, x + o, LE);
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
      FloatVector d =
          FloatVector.fromMemorySegment(F, ALL, g + o, LE).sub(e.mul(FloatVector.broadcast(F, s)));
      if (add) {
        d.add(FloatVector.fromMemorySegment(F, ALL, z + o, LE)).intoMemorySegment(ALL, z + o, LE);
      } else {
        d.intoMemorySegment(ALL, z + o, LE);
      }
    }
  }

  private static void gradientTail(long z, long g, long x, long n, float s, boolean add) {
    VectorMask<Float> in =
        Lanes.IOTA.compare(VectorOperators.LT, FloatVector.broadcast(F, (float) (n)));
    FloatVector v = FloatVector.fromMemorySegment(F, ALL, x, LE, in);
    FloatVector t = v.fma(FloatVector.broadcast(F, Exp.LOG2E), FloatVector.broadcast(F, Exp.MAGIC));
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
    FloatVector d =
        FloatVector.fromMemorySegment(F, ALL, g, LE, in).sub(e.mul(FloatVector.broadcast(F, s)));
    if (add) {
      d.add(FloatVector.fromMemorySegment(F, ALL, z, LE, in)).intoMemorySegment(ALL, z, LE, in);
    } else {
      d.intoMemorySegment(ALL, z, LE, in);
    }
  }
}
