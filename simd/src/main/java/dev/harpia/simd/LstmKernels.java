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
 * The pointwise part of an LSTM step for one batch element, over whole vectors of hidden units.
 * {@code g} is a row of four slots (i, f, g, o), {@code pitch} bytes apart; {@code from} and {@code
 * to} bound the units, in bytes.
 */
final class LstmKernels {
  private LstmKernels() {}

  /**
   * From the gates' sums and the bias to the activated gates (in place), {@code cNext} and {@code
   * h}.
   */
  static void forward(
      long g, long pitch, long bias, long c, long cNext, long h, long from, long to) {
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
      FloatVector si =
          FloatVector.fromMemorySegment(F, ALL, g + o, LE)
              .add(FloatVector.fromMemorySegment(F, ALL, bias + o, LE));
      FloatVector sf =
          FloatVector.fromMemorySegment(F, ALL, g + o1, LE)
              .add(FloatVector.fromMemorySegment(F, ALL, bias + o1, LE));
      FloatVector sg =
          FloatVector.fromMemorySegment(F, ALL, g + o2, LE)
              .add(FloatVector.fromMemorySegment(F, ALL, bias + o2, LE));
      FloatVector so =
          FloatVector.fromMemorySegment(F, ALL, g + o3, LE)
              .add(FloatVector.fromMemorySegment(F, ALL, bias + o3, LE));

      FloatVector ix = si.neg();
      ix = ix.blend(expMin, ix.compare(LT, expMin));
      ix = ix.blend(expMax, ix.compare(GT, expMax));
      FloatVector it = ix.fma(log2e, round);
      FloatVector in = it.sub(round);
      FloatVector ir = in.fma(ln2Low, in.fma(ln2High, ix));
      FloatVector ip = ir.fma(e6, e5).fma(ir, e4).fma(ir, e3).fma(ir, e2);
      ip = ip.fma(ir.mul(ir), ir).add(one);
      IntVector ib = ip.reinterpretAsInts().add(it.reinterpretAsInts().lanewise(LSHL, 23));
      FloatVector gi = one.div(ib.reinterpretAsFloats().add(one));

      FloatVector fx = sf.neg();
      fx = fx.blend(expMin, fx.compare(LT, expMin));
      fx = fx.blend(expMax, fx.compare(GT, expMax));
      FloatVector ft = fx.fma(log2e, round);
      FloatVector fn = ft.sub(round);
      FloatVector fr = fn.fma(ln2Low, fn.fma(ln2High, fx));
      FloatVector fp = fr.fma(e6, e5).fma(fr, e4).fma(fr, e3).fma(fr, e2);
      fp = fp.fma(fr.mul(fr), fr).add(one);
      IntVector fb = fp.reinterpretAsInts().add(ft.reinterpretAsInts().lanewise(LSHL, 23));
      FloatVector gf = one.div(fb.reinterpretAsFloats().add(one));

      FloatVector ox = so.neg();
      ox = ox.blend(expMin, ox.compare(LT, expMin));
      ox = ox.blend(expMax, ox.compare(GT, expMax));
      FloatVector ot = ox.fma(log2e, round);
      FloatVector on = ot.sub(round);
      FloatVector or = on.fma(ln2Low, on.fma(ln2High, ox));
      FloatVector op = or.fma(e6, e5).fma(or, e4).fma(or, e3).fma(or, e2);
      op = op.fma(or.mul(or), or).add(one);
      IntVector ob = op.reinterpretAsInts().add(ot.reinterpretAsInts().lanewise(LSHL, 23));
      FloatVector go = one.div(ob.reinterpretAsFloats().add(one));

      FloatVector gx = sg.abs();
      gx = gx.blend(tanhMax, gx.compare(GT, tanhMax));
      gx = gx.add(gx);
      FloatVector gt = gx.fma(log2e, round);
      FloatVector gn = gt.sub(round);
      FloatVector gr = gn.fma(ln2Low, gn.fma(ln2High, gx));
      FloatVector gp = gr.fma(m6, m5).fma(gr, m4).fma(gr, m3).fma(gr, m2);
      gp = gp.fma(gr.mul(gr), gr);
      IntVector gb = gt.reinterpretAsInts().lanewise(LSHL, 23).add(oneBits);
      FloatVector gq = gb.reinterpretAsFloats();
      FloatVector ge = gp.fma(gq, gq.sub(one));
      FloatVector gy = ge.div(ge.add(two));
      IntVector gs = sg.reinterpretAsInts().and(sign);
      FloatVector gg = gy.reinterpretAsInts().or(gs).reinterpretAsFloats();

      FloatVector cell = FloatVector.fromMemorySegment(F, ALL, c + o, LE).mul(gf);
      cell = gi.fma(gg, cell);

      FloatVector cx = cell.abs();
      cx = cx.blend(tanhMax, cx.compare(GT, tanhMax));
      cx = cx.add(cx);
      FloatVector ct = cx.fma(log2e, round);
      FloatVector cn = ct.sub(round);
      FloatVector cr = cn.fma(ln2Low, cn.fma(ln2High, cx));
      FloatVector cp = cr.fma(m6, m5).fma(cr, m4).fma(cr, m3).fma(cr, m2);
      cp = cp.fma(cr.mul(cr), cr);
      IntVector cb = ct.reinterpretAsInts().lanewise(LSHL, 23).add(oneBits);
      FloatVector cq = cb.reinterpretAsFloats();
      FloatVector ce = cp.fma(cq, cq.sub(one));
      FloatVector cy = ce.div(ce.add(two));
      IntVector cs = cell.reinterpretAsInts().and(sign);
      FloatVector tc = cy.reinterpretAsInts().or(cs).reinterpretAsFloats();

      gi.intoMemorySegment(ALL, g + o, LE);
      gf.intoMemorySegment(ALL, g + o1, LE);
      gg.intoMemorySegment(ALL, g + o2, LE);
      go.intoMemorySegment(ALL, g + o3, LE);
      cell.intoMemorySegment(ALL, cNext + o, LE);
      go.mul(tc).intoMemorySegment(ALL, h + o, LE);
    }
  }

  /**
   * From the gradients of h' and c' (both consumed: {@code dh} becomes zero, {@code dc} the
   * gradient of c) and the saved gates to the gradients of the gates' sums.
   */
  static void backward(long g, long d, long pitch, long c, long dh, long dc, long from, long to) {
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
    FloatVector zero = FloatVector.zero(F);
    for (long o = from; o < to; o += BYTES) {
      long o1 = o + pitch;
      long o2 = o1 + pitch;
      long o3 = o2 + pitch;
      FloatVector gi = FloatVector.fromMemorySegment(F, ALL, g + o, LE);
      FloatVector gf = FloatVector.fromMemorySegment(F, ALL, g + o1, LE);
      FloatVector gg = FloatVector.fromMemorySegment(F, ALL, g + o2, LE);
      FloatVector go = FloatVector.fromMemorySegment(F, ALL, g + o3, LE);
      FloatVector before = FloatVector.fromMemorySegment(F, ALL, c + o, LE);
      // The same operations as forward, so the same c'.
      FloatVector cell = gi.fma(gg, before.mul(gf));

      FloatVector cx = cell.abs();
      cx = cx.blend(tanhMax, cx.compare(GT, tanhMax));
      cx = cx.add(cx);
      FloatVector ct = cx.fma(log2e, round);
      FloatVector cn = ct.sub(round);
      FloatVector cr = cn.fma(ln2Low, cn.fma(ln2High, cx));
      FloatVector cp = cr.fma(m6, m5).fma(cr, m4).fma(cr, m3).fma(cr, m2);
      cp = cp.fma(cr.mul(cr), cr);
      IntVector cb = ct.reinterpretAsInts().lanewise(LSHL, 23).add(oneBits);
      FloatVector cq = cb.reinterpretAsFloats();
      FloatVector ce = cp.fma(cq, cq.sub(one));
      FloatVector cy = ce.div(ce.add(two));
      IntVector cs = cell.reinterpretAsInts().and(sign);
      FloatVector tc = cy.reinterpretAsInts().or(cs).reinterpretAsFloats();

      FloatVector vh = FloatVector.fromMemorySegment(F, ALL, dh + o, LE);
      FloatVector vo = vh.mul(tc).mul(go).mul(one.sub(go));
      FloatVector vc =
          vh.mul(go).fma(one.sub(tc.mul(tc)), FloatVector.fromMemorySegment(F, ALL, dc + o, LE));
      vc.mul(gg).mul(gi).mul(one.sub(gi)).intoMemorySegment(ALL, d + o, LE);
      vc.mul(before).mul(gf).mul(one.sub(gf)).intoMemorySegment(ALL, d + o1, LE);
      vc.mul(gi).mul(one.sub(gg.mul(gg))).intoMemorySegment(ALL, d + o2, LE);
      vo.intoMemorySegment(ALL, d + o3, LE);
      vc.mul(gf).intoMemorySegment(ALL, dc + o, LE);
      zero.intoMemorySegment(ALL, dh + o, LE);
    }
  }
}
