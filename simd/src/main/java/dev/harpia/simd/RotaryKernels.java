package dev.harpia.simd;

import static dev.harpia.simd.Vectors.ALL;
import static dev.harpia.simd.Vectors.BYTES;
import static dev.harpia.simd.Vectors.F;
import static dev.harpia.simd.Vectors.FLOAT;
import static dev.harpia.simd.Vectors.LANES;
import static dev.harpia.simd.Vectors.LE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/**
 * One row of {@link Rotary}: whole vectors, then single pairs, so that exactly one row is read and
 * written.
 */
final class RotaryKernels {
  private static final VectorShuffle<Float> EVEN = VectorShuffle.makeUnzip(F, 0);
  private static final VectorShuffle<Float> ODD = VectorShuffle.makeUnzip(F, 1);
  private static final VectorShuffle<Float> LOW = VectorShuffle.makeZip(F, 0);
  private static final VectorShuffle<Float> HIGH = VectorShuffle.makeZip(F, 1);

  private RotaryKernels() {}

  static void halves(long y, long x, long cos, long sin, int half, float sign, boolean add) {
    int whole = half - half % LANES;
    if (add) {
      addHalves(y, x, cos, sin, 4L * half, 4L * whole, sign);
    } else {
      setHalves(y, x, cos, sin, 4L * half, 4L * whole, sign);
    }
    for (int p = whole; p < half; p++) {
      pair(y, x, p, p + half, cos, sin, p, sign, add);
    }
  }

  static void interleaved(long y, long x, long cos, long sin, int half, float sign, boolean add) {
    int whole = half - half % LANES;
    if (add) {
      addPairs(y, x, cos, sin, 4L * whole, sign);
    } else {
      setPairs(y, x, cos, sin, 4L * whole, sign);
    }
    for (int p = whole; p < half; p++) {
      pair(y, x, 2 * p, 2 * p + 1, cos, sin, p, sign, add);
    }
  }

  private static void pair(
      long y, long x, int i, int j, long cos, long sin, int p, float sign, boolean add) {
    float c = ALL.get(FLOAT, cos + 4L * p);
    float s = ALL.get(FLOAT, sin + 4L * p) * sign;
    float a = ALL.get(FLOAT, x + 4L * i);
    float b = ALL.get(FLOAT, x + 4L * j);
    float u = Math.fma(a, c, -(b * s));
    float v = Math.fma(b, c, a * s);
    ALL.set(FLOAT, y + 4L * i, add ? u + ALL.get(FLOAT, y + 4L * i) : u);
    ALL.set(FLOAT, y + 4L * j, add ? v + ALL.get(FLOAT, y + 4L * j) : v);
  }

  private static void setHalves(
      long y, long x, long cos, long sin, long half, long bytes, float sign) {
    FloatVector turn = FloatVector.broadcast(F, sign);
    for (long o = 0; o < bytes; o += BYTES) {
      FloatVector c = FloatVector.fromMemorySegment(F, ALL, cos + o, LE);
      FloatVector s = FloatVector.fromMemorySegment(F, ALL, sin + o, LE).mul(turn);
      FloatVector a = FloatVector.fromMemorySegment(F, ALL, x + o, LE);
      FloatVector b = FloatVector.fromMemorySegment(F, ALL, x + half + o, LE);
      a.fma(c, b.mul(s).neg()).intoMemorySegment(ALL, y + o, LE);
      b.fma(c, a.mul(s)).intoMemorySegment(ALL, y + half + o, LE);
    }
  }

  private static void addHalves(
      long y, long x, long cos, long sin, long half, long bytes, float sign) {
    FloatVector turn = FloatVector.broadcast(F, sign);
    for (long o = 0; o < bytes; o += BYTES) {
      FloatVector c = FloatVector.fromMemorySegment(F, ALL, cos + o, LE);
      FloatVector s = FloatVector.fromMemorySegment(F, ALL, sin + o, LE).mul(turn);
      FloatVector a = FloatVector.fromMemorySegment(F, ALL, x + o, LE);
      FloatVector b = FloatVector.fromMemorySegment(F, ALL, x + half + o, LE);
      FloatVector u = FloatVector.fromMemorySegment(F, ALL, y + o, LE);
      FloatVector v = FloatVector.fromMemorySegment(F, ALL, y + half + o, LE);
      a.fma(c, b.mul(s).neg()).add(u).intoMemorySegment(ALL, y + o, LE);
      b.fma(c, a.mul(s)).add(v).intoMemorySegment(ALL, y + half + o, LE);
    }
  }

  private static void setPairs(long y, long x, long cos, long sin, long bytes, float sign) {
    FloatVector turn = FloatVector.broadcast(F, sign);
    for (long o = 0; o < bytes; o += BYTES) {
      FloatVector c = FloatVector.fromMemorySegment(F, ALL, cos + o, LE);
      FloatVector s = FloatVector.fromMemorySegment(F, ALL, sin + o, LE).mul(turn);
      FloatVector l = FloatVector.fromMemorySegment(F, ALL, x + 2 * o, LE);
      FloatVector r = FloatVector.fromMemorySegment(F, ALL, x + 2 * o + BYTES, LE);
      FloatVector a = l.rearrange(EVEN, r);
      FloatVector b = l.rearrange(ODD, r);
      FloatVector u = a.fma(c, b.mul(s).neg());
      FloatVector v = b.fma(c, a.mul(s));
      u.rearrange(LOW, v).intoMemorySegment(ALL, y + 2 * o, LE);
      u.rearrange(HIGH, v).intoMemorySegment(ALL, y + 2 * o + BYTES, LE);
    }
  }

  private static void addPairs(long y, long x, long cos, long sin, long bytes, float sign) {
    FloatVector turn = FloatVector.broadcast(F, sign);
    for (long o = 0; o < bytes; o += BYTES) {
      FloatVector c = FloatVector.fromMemorySegment(F, ALL, cos + o, LE);
      FloatVector s = FloatVector.fromMemorySegment(F, ALL, sin + o, LE).mul(turn);
      FloatVector l = FloatVector.fromMemorySegment(F, ALL, x + 2 * o, LE);
      FloatVector r = FloatVector.fromMemorySegment(F, ALL, x + 2 * o + BYTES, LE);
      FloatVector a = l.rearrange(EVEN, r);
      FloatVector b = l.rearrange(ODD, r);
      FloatVector u = a.fma(c, b.mul(s).neg());
      FloatVector v = b.fma(c, a.mul(s));
      FloatVector yl = FloatVector.fromMemorySegment(F, ALL, y + 2 * o, LE);
      FloatVector yr = FloatVector.fromMemorySegment(F, ALL, y + 2 * o + BYTES, LE);
      u.rearrange(LOW, v).add(yl).intoMemorySegment(ALL, y + 2 * o, LE);
      u.rearrange(HIGH, v).add(yr).intoMemorySegment(ALL, y + 2 * o + BYTES, LE);
    }
  }
}
