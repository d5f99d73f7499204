package dev.harpia.simd;

import static dev.harpia.simd.Vectors.ALL;
import static dev.harpia.simd.Vectors.BYTES;
import static dev.harpia.simd.Vectors.F;
import static dev.harpia.simd.Vectors.FLOAT;
import static dev.harpia.simd.Vectors.I;
import static dev.harpia.simd.Vectors.INT;
import static dev.harpia.simd.Vectors.LANES;
import static dev.harpia.simd.Vectors.LE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.MAX;
import static jdk.incubator.vector.VectorOperators.NE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/**
 * Flat loops over one row of scores. Where {@code bytes} is given, rows are padded to whole
 * vectors.
 */
final class AttentionRows {
  private AttentionRows() {}

  /** The largest score; NaN is passed over. */
  static float max(long x, long bytes) {
    FloatVector most = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
    for (long o = 0; o < bytes; o += BYTES) {
      FloatVector v = FloatVector.fromMemorySegment(F, ALL, x + o, LE);
      most = most.blend(v, v.compare(GT, most));
    }
    return most.reduceLanes(MAX);
  }

  /**
   * {@code x = exp(x − max)} with x ≤ max, exactly 0 where that is no normal number; the sums of
   * each lane to {@code lanes}.
   */
  static void expSum(long x, long bytes, float max, long lanes) {
    FloatVector log2e = FloatVector.broadcast(F, Series.LOG2E);
    FloatVector round = FloatVector.broadcast(F, Series.ROUND);
    FloatVector ln2High = FloatVector.broadcast(F, Series.LN2_HIGH);
    FloatVector ln2Low = FloatVector.broadcast(F, Series.LN2_LOW);
    FloatVector one = FloatVector.broadcast(F, 1f);
    FloatVector expMin = FloatVector.broadcast(F, Series.EXP_MIN);
    FloatVector e2 = FloatVector.broadcast(F, Series.E2);
    FloatVector e3 = FloatVector.broadcast(F, Series.E3);
    FloatVector e4 = FloatVector.broadcast(F, Series.E4);
    FloatVector e5 = FloatVector.broadcast(F, Series.E5);
    FloatVector e6 = FloatVector.broadcast(F, Series.E6);
    FloatVector vm = FloatVector.broadcast(F, max);
    FloatVector zero = FloatVector.zero(F);
    FloatVector sum = FloatVector.zero(F);
    for (long o = 0; o < bytes; o += BYTES) {
      FloatVector d = FloatVector.fromMemorySegment(F, ALL, x + o, LE).sub(vm);
      VectorMask<Float> tiny = d.compare(LT, expMin);
      d = d.blend(expMin, tiny);
      FloatVector t = d.fma(log2e, round);
      FloatVector n = t.sub(round);
      FloatVector r = n.fma(ln2Low, n.fma(ln2High, d));
      FloatVector p = r.fma(e6, e5).fma(r, e4).fma(r, e3).fma(r, e2);
      p = p.fma(r.mul(r), r).add(one);
      IntVector bits = p.reinterpretAsInts().add(t.reinterpretAsInts().lanewise(LSHL, 23));
      FloatVector y = bits.reinterpretAsFloats().blend(zero, tiny);
      sum = sum.add(y);
      y.intoMemorySegment(ALL, x + o, LE);
    }
    sum.intoMemorySegment(ALL, lanes, LE);
  }

  /** {@code x = exp(x − lse)}: the softmax weights again. */
  static void exp(long x, long bytes, float lse) {
    FloatVector log2e = FloatVector.broadcast(F, Series.LOG2E);
    FloatVector round = FloatVector.broadcast(F, Series.ROUND);
    FloatVector ln2High = FloatVector.broadcast(F, Series.LN2_HIGH);
    FloatVector ln2Low = FloatVector.broadcast(F, Series.LN2_LOW);
    FloatVector one = FloatVector.broadcast(F, 1f);
    FloatVector expMin = FloatVector.broadcast(F, Series.EXP_MIN);
    FloatVector e2 = FloatVector.broadcast(F, Series.E2);
    FloatVector e3 = FloatVector.broadcast(F, Series.E3);
    FloatVector e4 = FloatVector.broadcast(F, Series.E4);
    FloatVector e5 = FloatVector.broadcast(F, Series.E5);
    FloatVector e6 = FloatVector.broadcast(F, Series.E6);
    FloatVector vm = FloatVector.broadcast(F, lse);
    FloatVector zero = FloatVector.zero(F);
    for (long o = 0; o < bytes; o += BYTES) {
      FloatVector d = FloatVector.fromMemorySegment(F, ALL, x + o, LE).sub(vm);
      VectorMask<Float> tiny = d.compare(LT, expMin);
      d = d.blend(expMin, tiny);
      FloatVector t = d.fma(log2e, round);
      FloatVector n = t.sub(round);
      FloatVector r = n.fma(ln2Low, n.fma(ln2High, d));
      FloatVector p = r.fma(e6, e5).fma(r, e4).fma(r, e3).fma(r, e2);
      p = p.fma(r.mul(r), r).add(one);
      IntVector bits = p.reinterpretAsInts().add(t.reinterpretAsInts().lanewise(LSHL, 23));
      FloatVector y = bits.reinterpretAsFloats().blend(zero, tiny);
      y.intoMemorySegment(ALL, x + o, LE);
    }
  }

  /** {@code d = p·(d − delta)}: the gradient of the scores from that of the weights. */
  static void scoreGradient(long d, long p, long bytes, float delta) {
    FloatVector vd = FloatVector.broadcast(F, delta);
    for (long o = 0; o < bytes; o += BYTES) {
      FloatVector g = FloatVector.fromMemorySegment(F, ALL, d + o, LE).sub(vd);
      g.mul(FloatVector.fromMemorySegment(F, ALL, p + o, LE)).intoMemorySegment(ALL, d + o, LE);
    }
  }

  /** The sum of n products. */
  static float dot(long a, long b, int n, long lanes) {
    int whole = n - n % LANES;
    dotVectors(a, b, 4L * whole, lanes);
    float sum = sumLanes(lanes);
    for (long o = 4L * whole; o < 4L * n; o += 4) {
      sum = Math.fma(ALL.get(FLOAT, a + o), ALL.get(FLOAT, b + o), sum);
    }
    return sum;
  }

  private static void dotVectors(long a, long b, long bytes, long lanes) {
    FloatVector sum = FloatVector.zero(F);
    for (long o = 0; o < bytes; o += BYTES) {
      FloatVector x = FloatVector.fromMemorySegment(F, ALL, a + o, LE);
      sum = x.fma(FloatVector.fromMemorySegment(F, ALL, b + o, LE), sum);
    }
    sum.intoMemorySegment(ALL, lanes, LE);
  }

  /** The sum of one vector in memory, which it destroys, always in the same order. */
  static float sumLanes(long lanes) {
    for (int w = LANES / 2; w > 0; w /= 2) {
      for (long o = 0; o < 4L * w; o += 4) {
        ALL.set(FLOAT, lanes + o, ALL.get(FLOAT, lanes + o) + ALL.get(FLOAT, lanes + o + 4L * w));
      }
    }
    return ALL.get(FLOAT, lanes);
  }

  /** {@code x = −∞} where the mask is not 0, for exactly n elements. */
  static void block(long x, long mask, int n) {
    int whole = n - n % LANES;
    blockVectors(x, mask, 4L * whole);
    for (long o = 4L * whole; o < 4L * n; o += 4) {
      if (ALL.get(INT, mask + o) != 0) {
        ALL.set(FLOAT, x + o, Float.NEGATIVE_INFINITY);
      }
    }
  }

  private static void blockVectors(long x, long mask, long bytes) {
    FloatVector none = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
    for (long o = 0; o < bytes; o += BYTES) {
      FloatVector v = FloatVector.fromMemorySegment(F, ALL, x + o, LE);
      IntVector m = IntVector.fromMemorySegment(I, ALL, mask + o, LE);
      v.blend(none, m.compare(NE, 0).cast(F)).intoMemorySegment(ALL, x + o, LE);
    }
  }

  /** Elements from … to−1 become {@code value}. */
  static void fill(long x, int from, int to, float value) {
    for (int j = from; j < to; j++) {
      ALL.set(FLOAT, x + 4L * j, value);
    }
  }
}
