package dev.harpia.simd;

import static dev.harpia.simd.Lanes.X1;
import static dev.harpia.simd.Lanes.X2;
import static dev.harpia.simd.Lanes.X4;
import static dev.harpia.simd.Lanes.X8;
import static dev.harpia.simd.Vectors.ALL;
import static dev.harpia.simd.Vectors.BYTES;
import static dev.harpia.simd.Vectors.F;
import static dev.harpia.simd.Vectors.LANES;
import static dev.harpia.simd.Vectors.LE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Exponentials over one contiguous row (see {@link Exp}). The remainder of a row has a method of its own: in the loop's method it
 * would make the compiler reload every constant at each step.
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
      FloatVector v = FloatVector.fromMemorySegment(F, ALL, x + o, LE).sub(m);
      FloatVector t = v.fma(Exp.LOG2E, Exp.MAGIC);
      FloatVector k = t.sub(Exp.MAGIC);
      FloatVector r = k.fma(FloatVector.broadcast(F, Exp.MINUS_LN2_HIGH), v);
      r = k.fma(FloatVector.broadcast(F, Exp.MINUS_LN2_LOW), r);
      FloatVector p = r.fma(Exp.C6, Exp.C5);
      p = p.fma(r, FloatVector.broadcast(F, Exp.C4));
      p = p.fma(r, FloatVector.broadcast(F, Exp.C3));
      p = p.fma(r, FloatVector.broadcast(F, Exp.C2));
      p = p.fma(r.mul(r), r).add(1f);
      FloatVector scale = t.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).add(Exp.ONE).reinterpretAsFloats();
      FloatVector e = p.mul(scale).blend(0f, v.compare(VectorOperators.LT, Exp.LOWEST));
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
    VectorMask<Float> in = Lanes.first(n);
    FloatVector v = FloatVector.fromMemorySegment(F, ALL, x, LE, in).sub(m);
    FloatVector t = v.fma(Exp.LOG2E, Exp.MAGIC);
    FloatVector k = t.sub(Exp.MAGIC);
    FloatVector r = k.fma(FloatVector.broadcast(F, Exp.MINUS_LN2_HIGH), v);
    r = k.fma(FloatVector.broadcast(F, Exp.MINUS_LN2_LOW), r);
    FloatVector p = r.fma(Exp.C6, Exp.C5);
    p = p.fma(r, FloatVector.broadcast(F, Exp.C4));
    p = p.fma(r, FloatVector.broadcast(F, Exp.C3));
    p = p.fma(r, FloatVector.broadcast(F, Exp.C2));
    p = p.fma(r.mul(r), r).add(1f);
    FloatVector scale = t.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).add(Exp.ONE).reinterpretAsFloats();
    FloatVector e = p.mul(scale).blend(0f, v.compare(VectorOperators.LT, Exp.LOWEST));
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
      FloatVector v = FloatVector.fromMemorySegment(F, ALL, x + o, LE).sub(m);
      FloatVector t = v.fma(Exp.LOG2E, Exp.MAGIC);
      FloatVector k = t.sub(Exp.MAGIC);
      FloatVector r = k.fma(FloatVector.broadcast(F, Exp.MINUS_LN2_HIGH), v);
      r = k.fma(FloatVector.broadcast(F, Exp.MINUS_LN2_LOW), r);
      FloatVector p = r.fma(Exp.C6, Exp.C5);
      p = p.fma(r, FloatVector.broadcast(F, Exp.C4));
      p = p.fma(r, FloatVector.broadcast(F, Exp.C3));
      p = p.fma(r, FloatVector.broadcast(F, Exp.C2));
      p = p.fma(r.mul(r), r).add(1f);
      FloatVector scale = t.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).add(Exp.ONE).reinterpretAsFloats();
      FloatVector e = p.mul(scale).blend(0f, v.compare(VectorOperators.LT, Exp.LOWEST));
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
    VectorMask<Float> in = Lanes.first(n);
    FloatVector v = FloatVector.fromMemorySegment(F, ALL, x, LE, in).sub(m);
    FloatVector t = v.fma(Exp.LOG2E, Exp.MAGIC);
    FloatVector k = t.sub(Exp.MAGIC);
    FloatVector r = k.fma(FloatVector.broadcast(F, Exp.MINUS_LN2_HIGH), v);
    r = k.fma(FloatVector.broadcast(F, Exp.MINUS_LN2_LOW), r);
    FloatVector p = r.fma(Exp.C6, Exp.C5);
    p = p.fma(r, FloatVector.broadcast(F, Exp.C4));
    p = p.fma(r, FloatVector.broadcast(F, Exp.C3));
    p = p.fma(r, FloatVector.broadcast(F, Exp.C2));
    p = p.fma(r.mul(r), r).add(1f);
    FloatVector scale = t.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).add(Exp.ONE).reinterpretAsFloats();
    FloatVector e = p.mul(scale).blend(0f, v.compare(VectorOperators.LT, Exp.LOWEST));
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

  /** z = [z +] a·e^(x − m) − b: the gradient of a cross-entropy with respect to a row of logits. May work in place. */
  static void weighted(long z, long x, long n, float m, float a, float b, boolean add) {
    long whole = n & -LANES;
    weightedBlock(z, x, 4 * whole, m, a, b, add);
    if (whole != n) {
      weightedTail(z + 4 * whole, x + 4 * whole, n - whole, m, a, b, add);
    }
  }

  private static void weightedBlock(long z, long x, long bytes, float m, float a, float b, boolean add) {
    for (long o = 0; o < bytes; o += BYTES) {
      FloatVector v = FloatVector.fromMemorySegment(F, ALL, x + o, LE).sub(m);
      FloatVector t = v.fma(Exp.LOG2E, Exp.MAGIC);
      FloatVector k = t.sub(Exp.MAGIC);
      FloatVector r = k.fma(FloatVector.broadcast(F, Exp.MINUS_LN2_HIGH), v);
      r = k.fma(FloatVector.broadcast(F, Exp.MINUS_LN2_LOW), r);
      FloatVector p = r.fma(Exp.C6, Exp.C5);
      p = p.fma(r, FloatVector.broadcast(F, Exp.C4));
      p = p.fma(r, FloatVector.broadcast(F, Exp.C3));
      p = p.fma(r, FloatVector.broadcast(F, Exp.C2));
      p = p.fma(r.mul(r), r).add(1f);
      FloatVector scale = t.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).add(Exp.ONE).reinterpretAsFloats();
      FloatVector e = p.mul(scale).blend(0f, v.compare(VectorOperators.LT, Exp.LOWEST));
      FloatVector d = e.mul(a).sub(b);
      if (add) {
        d.add(FloatVector.fromMemorySegment(F, ALL, z + o, LE)).intoMemorySegment(ALL, z + o, LE);
      } else {
        d.intoMemorySegment(ALL, z + o, LE);
      }
    }
  }

  private static void weightedTail(long z, long x, long n, float m, float a, float b, boolean add) {
    VectorMask<Float> in = Lanes.first(n);
    FloatVector v = FloatVector.fromMemorySegment(F, ALL, x, LE, in).sub(m);
    FloatVector t = v.fma(Exp.LOG2E, Exp.MAGIC);
    FloatVector k = t.sub(Exp.MAGIC);
    FloatVector r = k.fma(FloatVector.broadcast(F, Exp.MINUS_LN2_HIGH), v);
    r = k.fma(FloatVector.broadcast(F, Exp.MINUS_LN2_LOW), r);
    FloatVector p = r.fma(Exp.C6, Exp.C5);
    p = p.fma(r, FloatVector.broadcast(F, Exp.C4));
    p = p.fma(r, FloatVector.broadcast(F, Exp.C3));
    p = p.fma(r, FloatVector.broadcast(F, Exp.C2));
    p = p.fma(r.mul(r), r).add(1f);
    FloatVector scale = t.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).add(Exp.ONE).reinterpretAsFloats();
    FloatVector e = p.mul(scale).blend(0f, v.compare(VectorOperators.LT, Exp.LOWEST));
    FloatVector d = e.mul(a).sub(b);
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

  private static void targetsBlock(long z, long x, long target, long bytes, float m, float a, float b, boolean add) {
    for (long o = 0; o < bytes; o += BYTES) {
      FloatVector v = FloatVector.fromMemorySegment(F, ALL, x + o, LE).sub(m);
      FloatVector t = v.fma(Exp.LOG2E, Exp.MAGIC);
      FloatVector k = t.sub(Exp.MAGIC);
      FloatVector r = k.fma(FloatVector.broadcast(F, Exp.MINUS_LN2_HIGH), v);
      r = k.fma(FloatVector.broadcast(F, Exp.MINUS_LN2_LOW), r);
      FloatVector p = r.fma(Exp.C6, Exp.C5);
      p = p.fma(r, FloatVector.broadcast(F, Exp.C4));
      p = p.fma(r, FloatVector.broadcast(F, Exp.C3));
      p = p.fma(r, FloatVector.broadcast(F, Exp.C2));
      p = p.fma(r.mul(r), r).add(1f);
      FloatVector scale = t.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).add(Exp.ONE).reinterpretAsFloats();
      FloatVector e = p.mul(scale).blend(0f, v.compare(VectorOperators.LT, Exp.LOWEST));
      FloatVector d = e.mul(a).sub(FloatVector.fromMemorySegment(F, ALL, target + o, LE).mul(b));
      if (add) {
        d.add(FloatVector.fromMemorySegment(F, ALL, z + o, LE)).intoMemorySegment(ALL, z + o, LE);
      } else {
        d.intoMemorySegment(ALL, z + o, LE);
      }
    }
  }

  private static void targetsTail(long z, long x, long target, long n, float m, float a, float b, boolean add) {
    VectorMask<Float> in = Lanes.first(n);
    FloatVector v = FloatVector.fromMemorySegment(F, ALL, x, LE, in).sub(m);
    FloatVector t = v.fma(Exp.LOG2E, Exp.MAGIC);
    FloatVector k = t.sub(Exp.MAGIC);
    FloatVector r = k.fma(FloatVector.broadcast(F, Exp.MINUS_LN2_HIGH), v);
    r = k.fma(FloatVector.broadcast(F, Exp.MINUS_LN2_LOW), r);
    FloatVector p = r.fma(Exp.C6, Exp.C5);
    p = p.fma(r, FloatVector.broadcast(F, Exp.C4));
    p = p.fma(r, FloatVector.broadcast(F, Exp.C3));
    p = p.fma(r, FloatVector.broadcast(F, Exp.C2));
    p = p.fma(r.mul(r), r).add(1f);
    FloatVector scale = t.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).add(Exp.ONE).reinterpretAsFloats();
    FloatVector e = p.mul(scale).blend(0f, v.compare(VectorOperators.LT, Exp.LOWEST));
    FloatVector d = e.mul(a).sub(FloatVector.fromMemorySegment(F, ALL, target, LE, in).mul(b));
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
      FloatVector t = v.fma(Exp.LOG2E, Exp.MAGIC);
      FloatVector k = t.sub(Exp.MAGIC);
      FloatVector r = k.fma(FloatVector.broadcast(F, Exp.MINUS_LN2_HIGH), v);
      r = k.fma(FloatVector.broadcast(F, Exp.MINUS_LN2_LOW), r);
      FloatVector p = r.fma(Exp.C6, Exp.C5);
      p = p.fma(r, FloatVector.broadcast(F, Exp.C4));
      p = p.fma(r, FloatVector.broadcast(F, Exp.C3));
      p = p.fma(r, FloatVector.broadcast(F, Exp.C2));
      p = p.fma(r.mul(r), r).add(1f);
      FloatVector scale = t.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).add(Exp.ONE).reinterpretAsFloats();
      FloatVector e = p.mul(scale).blend(0f, v.compare(VectorOperators.LT, Exp.LOWEST));
      FloatVector d = FloatVector.fromMemorySegment(F, ALL, g + o, LE).sub(e.mul(s));
      if (add) {
        d.add(FloatVector.fromMemorySegment(F, ALL, z + o, LE)).intoMemorySegment(ALL, z + o, LE);
      } else {
        d.intoMemorySegment(ALL, z + o, LE);
      }
    }
  }

  private static void gradientTail(long z, long g, long x, long n, float s, boolean add) {
    VectorMask<Float> in = Lanes.first(n);
    FloatVector v = FloatVector.fromMemorySegment(F, ALL, x, LE, in);
    FloatVector t = v.fma(Exp.LOG2E, Exp.MAGIC);
    FloatVector k = t.sub(Exp.MAGIC);
    FloatVector r = k.fma(FloatVector.broadcast(F, Exp.MINUS_LN2_HIGH), v);
    r = k.fma(FloatVector.broadcast(F, Exp.MINUS_LN2_LOW), r);
    FloatVector p = r.fma(Exp.C6, Exp.C5);
    p = p.fma(r, FloatVector.broadcast(F, Exp.C4));
    p = p.fma(r, FloatVector.broadcast(F, Exp.C3));
    p = p.fma(r, FloatVector.broadcast(F, Exp.C2));
    p = p.fma(r.mul(r), r).add(1f);
    FloatVector scale = t.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).add(Exp.ONE).reinterpretAsFloats();
    FloatVector e = p.mul(scale).blend(0f, v.compare(VectorOperators.LT, Exp.LOWEST));
    FloatVector d = FloatVector.fromMemorySegment(F, ALL, g, LE, in).sub(e.mul(s));
    if (add) {
      d.add(FloatVector.fromMemorySegment(F, ALL, z, LE, in)).intoMemorySegment(ALL, z, LE, in);
    } else {
      d.intoMemorySegment(ALL, z, LE, in);
    }
  }

}
