package dev.harpia.simd;

import static dev.harpia.simd.Vectors.ALL;
import static dev.harpia.simd.Vectors.BYTES;
import static dev.harpia.simd.Vectors.F;
import static dev.harpia.simd.Vectors.I;
import static dev.harpia.simd.Vectors.LE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The pointwise part of a vanilla RNN's step for one batch element; {@code from} and {@code to}
 * bound the units, in bytes.
 */
final class RnnKernels {
  private RnnKernels() {}

  /** {@code g = h = tanh(g + bias)}. */
  static void forwardTanh(long g, long bias, long h, long from, long to) {
    FloatVector log2e = FloatVector.broadcast(F, Series.LOG2E);
    FloatVector round = FloatVector.broadcast(F, Series.ROUND);
    FloatVector ln2High = FloatVector.broadcast(F, Series.LN2_HIGH);
    FloatVector ln2Low = FloatVector.broadcast(F, Series.LN2_LOW);
    FloatVector one = FloatVector.broadcast(F, 1f);
    FloatVector tanhMax = FloatVector.broadcast(F, Series.TANH_MAX);
    FloatVector two = FloatVector.broadcast(F, 2f);
    FloatVector m2 = FloatVector.broadcast(F, Series.M2);
    FloatVector m3 = FloatVector.broadcast(F, Series.M3);
    FloatVector m4 = FloatVector.broadcast(F, Series.M4);
    FloatVector m5 = FloatVector.broadcast(F, Series.M5);
    FloatVector m6 = FloatVector.broadcast(F, Series.M6);
    IntVector sign = IntVector.broadcast(I, 0x80000000);
    IntVector oneBits = IntVector.broadcast(I, 0x3f800000);
    for (long o = from; o < to; o += BYTES) {
      FloatVector x =
          FloatVector.fromMemorySegment(F, ALL, g + o, LE)
              .add(FloatVector.fromMemorySegment(F, ALL, bias + o, LE));

      FloatVector ax = x.abs();
      ax = ax.blend(tanhMax, ax.compare(GT, tanhMax));
      ax = ax.add(ax);
      FloatVector at = ax.fma(log2e, round);
      FloatVector an = at.sub(round);
      FloatVector ar = an.fma(ln2Low, an.fma(ln2High, ax));
      FloatVector ap = ar.fma(m6, m5).fma(ar, m4).fma(ar, m3).fma(ar, m2);
      ap = ap.fma(ar.mul(ar), ar);
      IntVector ab = at.reinterpretAsInts().lanewise(LSHL, 23).add(oneBits);
      FloatVector aq = ab.reinterpretAsFloats();
      FloatVector ae = ap.fma(aq, aq.sub(one));
      FloatVector ay = ae.div(ae.add(two));
      IntVector as = x.reinterpretAsInts().and(sign);
      FloatVector y = ay.reinterpretAsInts().or(as).reinterpretAsFloats();

      y.intoMemorySegment(ALL, g + o, LE);
      y.intoMemorySegment(ALL, h + o, LE);
    }
  }

  /** {@code g = h = relu(g + bias)}; NaN stays NaN. */
  static void forwardRelu(long g, long bias, long h, long from, long to) {
    FloatVector zero = FloatVector.zero(F);
    for (long o = from; o < to; o += BYTES) {
      FloatVector x =
          FloatVector.fromMemorySegment(F, ALL, g + o, LE)
              .add(FloatVector.fromMemorySegment(F, ALL, bias + o, LE));
      FloatVector y = x.blend(zero, x.compare(LT, zero));
      y.intoMemorySegment(ALL, g + o, LE);
      y.intoMemorySegment(ALL, h + o, LE);
    }
  }

  /** {@code d = dh·(1 − g²)}; {@code dh} becomes zero. */
  static void backwardTanh(long g, long d, long dh, long from, long to) {
    FloatVector zero = FloatVector.zero(F);
    FloatVector one = FloatVector.broadcast(F, 1f);
    for (long o = from; o < to; o += BYTES) {
      FloatVector y = FloatVector.fromMemorySegment(F, ALL, g + o, LE);
      FloatVector v = FloatVector.fromMemorySegment(F, ALL, dh + o, LE);
      v.mul(one.sub(y.mul(y))).intoMemorySegment(ALL, d + o, LE);
      zero.intoMemorySegment(ALL, dh + o, LE);
    }
  }

  /** {@code d = 0} where {@code g ≤ 0}, else dh; {@code dh} becomes zero. */
  static void backwardRelu(long g, long d, long dh, long from, long to) {
    FloatVector zero = FloatVector.zero(F);
    for (long o = from; o < to; o += BYTES) {
      FloatVector y = FloatVector.fromMemorySegment(F, ALL, g + o, LE);
      FloatVector v = FloatVector.fromMemorySegment(F, ALL, dh + o, LE);
      v.blend(zero, y.compare(VectorOperators.LE, zero)).intoMemorySegment(ALL, d + o, LE);
      zero.intoMemorySegment(ALL, dh + o, LE);
    }
  }
}
