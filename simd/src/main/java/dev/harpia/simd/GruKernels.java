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

/**
 * The pointwise part of a GRU step for one batch element, over whole vectors of hidden units.
 * {@code g} is a row of four slots, {@code pitch} bytes apart: n's input part, r, z, n's recurrent
 * part; {@code from} and {@code to} bound the units, in bytes.
 */
final class GruKernels {
  private GruKernels() {}

  /**
   * From the gates' sums and the bias to n, r, z and n's recurrent part (in place) and {@code
   * hNext}.
   */
  static void forward(long g, long pitch, long bias, long h, long hNext, long from, long to) {
    FloatVector log2e = FloatVector.broadcast(F, Series.LOG2E);
    FloatVector round = FloatVector.broadcast(F, Series.ROUND);
    FloatVector ln2High = FloatVector.broadcast(F, Series.LN2_HIGH);
    FloatVector ln2Low = FloatVector.broadcast(F, Series.LN2_LOW);
    FloatVector one = FloatVector.broadcast(F, 1f);
    FloatVector expMin = FloatVector.broadcast(F, Series.EXP_MIN);
    FloatVector expMax = FloatVector.broadcast(F, Series.EXP_MAX);
    FloatVector e2 = FloatVector.broadcast(F, Series.E2);
    FloatVector e3 = FloatVector.broadcast(F, Series.E3);
    FloatVector e4 = FloatVector.broadcast(F, Series.E4);
    FloatVector e5 = FloatVector.broadcast(F, Series.E5);
    FloatVector e6 = FloatVector.broadcast(F, Series.E6);
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
      long o1 = o + pitch;
      long o2 = o1 + pitch;
      long o3 = o2 + pitch;
      FloatVector sn =
          FloatVector.fromMemorySegment(F, ALL, g + o, LE)
              .add(FloatVector.fromMemorySegment(F, ALL, bias + o, LE));
      FloatVector sr =
          FloatVector.fromMemorySegment(F, ALL, g + o1, LE)
              .add(FloatVector.fromMemorySegment(F, ALL, bias + o1, LE));
      FloatVector sz =
          FloatVector.fromMemorySegment(F, ALL, g + o2, LE)
              .add(FloatVector.fromMemorySegment(F, ALL, bias + o2, LE));
      FloatVector sh =
          FloatVector.fromMemorySegment(F, ALL, g + o3, LE)
              .add(FloatVector.fromMemorySegment(F, ALL, bias + o3, LE));

      FloatVector rx = sr.neg();
      rx = rx.blend(expMin, rx.compare(LT, expMin));
      rx = rx.blend(expMax, rx.compare(GT, expMax));
      FloatVector rt = rx.fma(log2e, round);
      FloatVector rn = rt.sub(round);
      FloatVector rr = rn.fma(ln2Low, rn.fma(ln2High, rx));
      FloatVector rp = rr.fma(e6, e5).fma(rr, e4).fma(rr, e3).fma(rr, e2);
      rp = rp.fma(rr.mul(rr), rr).add(one);
      IntVector rb = rp.reinterpretAsInts().add(rt.reinterpretAsInts().lanewise(LSHL, 23));
      FloatVector gr = one.div(rb.reinterpretAsFloats().add(one));

      FloatVector zx = sz.neg();
      zx = zx.blend(expMin, zx.compare(LT, expMin));
      zx = zx.blend(expMax, zx.compare(GT, expMax));
      FloatVector zt = zx.fma(log2e, round);
      FloatVector zn = zt.sub(round);
      FloatVector zr = zn.fma(ln2Low, zn.fma(ln2High, zx));
      FloatVector zp = zr.fma(e6, e5).fma(zr, e4).fma(zr, e3).fma(zr, e2);
      zp = zp.fma(zr.mul(zr), zr).add(one);
      IntVector zb = zp.reinterpretAsInts().add(zt.reinterpretAsInts().lanewise(LSHL, 23));
      FloatVector gz = one.div(zb.reinterpretAsFloats().add(one));

      FloatVector sum = gr.fma(sh, sn);

      FloatVector nx = sum.abs();
      nx = nx.blend(tanhMax, nx.compare(GT, tanhMax));
      nx = nx.add(nx);
      FloatVector nt = nx.fma(log2e, round);
      FloatVector nn = nt.sub(round);
      FloatVector nr = nn.fma(ln2Low, nn.fma(ln2High, nx));
      FloatVector np = nr.fma(m6, m5).fma(nr, m4).fma(nr, m3).fma(nr, m2);
      np = np.fma(nr.mul(nr), nr);
      IntVector nb = nt.reinterpretAsInts().lanewise(LSHL, 23).add(oneBits);
      FloatVector nq = nb.reinterpretAsFloats();
      FloatVector ne = np.fma(nq, nq.sub(one));
      FloatVector ny = ne.div(ne.add(two));
      IntVector ns = sum.reinterpretAsInts().and(sign);
      FloatVector gn = ny.reinterpretAsInts().or(ns).reinterpretAsFloats();

      gn.intoMemorySegment(ALL, g + o, LE);
      gr.intoMemorySegment(ALL, g + o1, LE);
      gz.intoMemorySegment(ALL, g + o2, LE);
      sh.intoMemorySegment(ALL, g + o3, LE);
      FloatVector before = FloatVector.fromMemorySegment(F, ALL, h + o, LE);
      gz.fma(before.sub(gn), gn).intoMemorySegment(ALL, hNext + o, LE);
    }
  }

  /**
   * From the gradient of h' and the saved gates to the gradients of the four slots' sums; {@code
   * dh} becomes the part of h's gradient that does not pass through the weights.
   */
  static void backward(long g, long d, long pitch, long h, long dh, long from, long to) {
    FloatVector one = FloatVector.broadcast(F, 1f);
    for (long o = from; o < to; o += BYTES) {
      long o1 = o + pitch;
      long o2 = o1 + pitch;
      long o3 = o2 + pitch;
      FloatVector gn = FloatVector.fromMemorySegment(F, ALL, g + o, LE);
      FloatVector gr = FloatVector.fromMemorySegment(F, ALL, g + o1, LE);
      FloatVector gz = FloatVector.fromMemorySegment(F, ALL, g + o2, LE);
      FloatVector sh = FloatVector.fromMemorySegment(F, ALL, g + o3, LE);
      FloatVector vh = FloatVector.fromMemorySegment(F, ALL, dh + o, LE);
      FloatVector vn = vh.mul(one.sub(gz)).mul(one.sub(gn.mul(gn)));
      FloatVector vz = vh.mul(FloatVector.fromMemorySegment(F, ALL, h + o, LE).sub(gn));
      vn.intoMemorySegment(ALL, d + o, LE);
      vn.mul(sh).mul(gr).mul(one.sub(gr)).intoMemorySegment(ALL, d + o1, LE);
      vz.mul(gz).mul(one.sub(gz)).intoMemorySegment(ALL, d + o2, LE);
      vn.mul(gr).intoMemorySegment(ALL, d + o3, LE);
      vh.mul(gz).intoMemorySegment(ALL, dh + o, LE);
    }
  }
}
