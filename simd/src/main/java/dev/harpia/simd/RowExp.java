package dev.harpia.simd;

import static dev.harpia.simd.Lanes.X1;
import static dev.harpia.simd.Lanes.X2;
import static dev.harpia.simd.Lanes.X4;
import static dev.harpia.simd.Lanes.X8;
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
 * Exponentials over one contiguous row (see {@link Exp}). The remainder of a row has a method of
 * its own: in the loop's method it would make the compiler reload every constant at each step.
 */
final class RowExp {
  private RowExp() {}

  /** y = e^(x − m); returns Σ y. May work in place. */
  static double exp(long y, long x, long n, float m) {
    double total = 0;
    for (long i = 0; i < n; i += RowSums.BLOCK) {
      long bytes = 4 * (Math.min(RowSums.BLOCK, n - i) & -LANES);
      if (bytes != 0) {
        total += expBlock(y + 4 * i, x + 4 * i, bytes, m);
      }
    }
    long whole = n & -LANES;
    return whole == n ? total : total + expTail(y + 4 * whole, x + 4 * whole, n - whole, m);
  }

  private static float expBlock(long y, long x, long bytes, float m) {
    FloatVector s = FloatVector.zero(F);
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
      e.intoMemorySegment(ALL, y + o, LE);
      s = s.add(e);
    }
    if (LANES > 8) {
      s = s.add(s.rearrange(X8));
    }
    if (LANES > 4) {
      s = s.add(s.rearrange(X4));
    }
    if (LANES > 2) {
      s = s.add(s.rearrange(X2));
    }
    return s.add(s.rearrange(X1)).lane(0);
  }

  private static float expTail(long y, long x, long n, float m) {
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
    e.intoMemorySegment(ALL, y, LE, in);
    FloatVector s = FloatVector.zero(F).blend(e, in);
    if (LANES > 8) {
      s = s.add(s.rearrange(X8));
    }
    if (LANES > 4) {
      s = s.add(s.rearrange(X4));
    }
    if (LANES > 2) {
      s = s.add(s.rearrange(X2));
    }
    return s.add(s.rearrange(X1)).lane(0);
  }

  /** Σ e^(x − m). */
  static double sum(long x, long n, float m) {
    double total = 0;
    for (long i = 0; i < n; i += RowSums.BLOCK) {
      long bytes = 4 * (Math.min(RowSums.BLOCK, n - i) & -LANES);
      if (bytes != 0) {
        total += sumBlock(x + 4 * i, bytes, m);
      }
    }
    long whole = n & -LANES;
    return whole == n ? total : total + sumTail(x + 4 * whole, n - whole, m);
  }

  private static float sumBlock(long x, long bytes, float m) {
    FloatVector s = FloatVector.zero(F);
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
      s = s.add(e);
    }
    if (LANES > 8) {
      s = s.add(s.rearrange(X8));
    }
    if (LANES > 4) {
      s = s.add(s.rearrange(X4));
    }
    if (LANES > 2) {
      s = s.add(s.rearrange(X2));
    }
    return s.add(s.rearrange(X1)).lane(0);
  }

  private static float sumTail(long x, long n, float m) {
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
    FloatVector s = FloatVector.zero(F).blend(e, in);
    if (LANES > 8) {
      s = s.add(s.rearrange(X8));
    }
    if (LANES > 4) {
      s = s.add(s.rearrange(X4));
    }
    if (LANES > 2) {
      s = s.add(s.rearrange(X2));
    }
    return s.add(s.rearrange(X1)).lane(0);
  }
}
