package dev.harpia.simd;

import static dev.harpia.simd.RawMemory.LANES;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What a small model's first answers need, without vectors: the bits of {@link PackedRow} and of
 * {@link Softmax}, lane by lane. Interpreted, a vector operation takes microseconds and makes an
 * object, and its first use loads its classes; so the first calls are faster this way, and later
 * ones very much slower.
 */
final class FirstCalls {
  private static final int MOST_ZEROS = 1 << 16;

  private FirstCalls() {}

  /** As {@link RawMemory#zero}. */
  static void zero(long address, long bytes) {
    byte[] zeros = new byte[(int) Math.min(bytes, MOST_ZEROS)];
    for (long o = 0; o < bytes; o += MOST_ZEROS) {
      int n = (int) Math.min(bytes - o, MOST_ZEROS);
      MemorySegment.copy(zeros, 0, RawMemory.ALL, ValueLayout.JAVA_BYTE, address + o, n);
    }
  }

  /** As {@link PackedRow#run}. */
  static void packedRow(long x, long packed, long bias, boolean relu, int n, int k, long y) {
    int chunks = (k + LANES - 1) / LANES;
    float[] row = new float[chunks * LANES];
    float[] given = new float[k];
    RawMemory.copy(x, given);
    System.arraycopy(given, 0, row, 0, k);
    float[] panel = new float[row.length * LANES];
    float[] first = new float[n];
    if (bias != 0) {
      RawMemory.copy(bias, first);
    }
    float[] result = new float[n];
    for (int j = 0; j < n; j++) {
      int lane = j % LANES;
      if (lane == 0) {
        RawMemory.copy(packed + 4L * (j / LANES) * panel.length, panel);
      }
      float v = dot(row, panel, lane);
      v += bias == 0 ? -0f : first[j];
      result[j] = relu && v < 0 ? 0 : v; // a NaN compares false and stays
    }
    RawMemory.copy(result, y);
  }

  /** LANES chains of fused multiply-adds, summed in a tree. */
  private static float dot(float[] row, float[] panel, int lane) {
    float[] sums = new float[LANES];
    int p = 0;
    for (int at = lane; at < panel.length; at += LANES) {
      int s = p & (LANES - 1);
      sums[s] = Math.fma(row[p], panel[at], sums[s]);
      p++;
    }
    return tree(sums);
  }

  /** The sum that vectors form by adding their halves, then their quarters, …. */
  private static float tree(float[] sums) {
    for (int half = LANES / 2; half > 0; half /= 2) {
      for (int l = 0; l < half; l++) {
        sums[l] += sums[l + half];
      }
    }
    return sums[0];
  }

  /** Softmax of one row of at most {@link RowSums#BLOCK} elements. */
  static void softmaxRow(long y, long x, int n) {
    float[] v = new float[n];
    RawMemory.copy(x, v);
    float max = Float.NEGATIVE_INFINITY;
    for (float e : v) {
      if (e > max) {
        max = e;
      }
    }
    int whole = n & -LANES;
    double total = 0;
    float[] sums = new float[LANES];
    for (int i = 0; i < n; i++) {
      if (i == whole && i > 0) {
        total += tree(sums);
        sums = new float[LANES];
      }
      v[i] = exp(v[i] - max);
      sums[i % LANES] += v[i];
    }
    total += tree(sums);
    float scale = (float) (1 / total);
    for (int i = 0; i < n; i++) {
      v[i] *= scale;
    }
    RawMemory.copy(v, y);
  }

  /** As {@link RowExp} does it. */
  private static float exp(float v) {
    float t = Math.fma(v, Exp.LOG2E, Exp.MAGIC);
    float k = t - Exp.MAGIC;
    float r = Math.fma(k, Exp.MINUS_LN2_HIGH, v);
    r = Math.fma(k, Exp.MINUS_LN2_LOW, r);
    float p = Math.fma(r, Exp.C6, Exp.C5);
    p = Math.fma(p, r, Exp.C4);
    p = Math.fma(p, r, Exp.C3);
    p = Math.fma(p, r, Exp.C2);
    p = Math.fma(p, r * r, r) + 1;
    float scale = Float.intBitsToFloat((Float.floatToRawIntBits(t) << 23) + Exp.ONE);
    return v < Exp.LOWEST ? 0 : p * scale;
  }
}
