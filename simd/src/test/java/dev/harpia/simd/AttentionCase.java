package dev.harpia.simd;

import java.util.SplittableRandom;

/** One attention at random inputs, and the same by the formula in double precision. */
final class AttentionCase {
  private final int b;
  private final int heads;
  private final int kvHeads;
  private final int tq;
  private final int tk;
  private final int d;
  private final boolean causal;
  private final int offset;
  final Guarded m = new Guarded();
  float[] q;
  float[] k;
  float[] v;
  float[] gy;
  private float[] bias;
  private int[] biasStrides = {0, 0, 0};
  private int[] blocked;
  private int[] padding;
  private float[] gWeights;
  boolean wantWeights;

  /** Whether heads lie side by side, and q, k and v in one buffer where their sizes allow it. */
  boolean fused;

  AttentionPass pass;

  AttentionCase(int b, int heads, int kvHeads, int tq, int tk, int d, boolean causal, int offset) {
    this.b = b;
    this.heads = heads;
    this.kvHeads = kvHeads;
    this.tq = tq;
    this.tk = tk;
    this.d = d;
    this.causal = causal;
    this.offset = offset;
  }

  void random(SplittableRandom random) {
    q = Guarded.random(random, b * heads * tq * d, 2);
    k = Guarded.random(random, b * kvHeads * tk * d, 2);
    v = Guarded.random(random, b * kvHeads * tk * d, 1);
    gy = Guarded.random(random, q.length, 1);
    gWeights = Guarded.random(random, b * heads * tq * tk, 1);
  }

  /** A bias [Tq, Tk], [B, 1, Tq, Tk] or [B, H, 1, Tk]. */
  void bias(SplittableRandom random, int kind) {
    biasStrides =
        switch (kind) {
          case 0 -> new int[] {0, 0, tk};
          case 1 -> new int[] {tq * tk, 0, tk};
          default -> new int[] {heads * tk, tk, 0};
        };
    int n = kind == 0 ? tq * tk : kind == 1 ? b * tq * tk : b * heads * tk;
    bias = Guarded.random(random, n, 2);
  }

  void blocked(SplittableRandom random) {
    blocked = new int[tq * tk];
    for (int i = 0; i < blocked.length; i++) {
      blocked[i] = i % tk > 0 && random.nextInt(3) == 0 ? 1 : 0;
    }
  }

  void blockRow(int row) {
    blocked = new int[tq * tk];
    java.util.Arrays.fill(blocked, row * tk, (row + 1) * tk, 1);
  }

  void padding(SplittableRandom random) {
    padding = new int[b * tk];
    for (int i = 0; i < padding.length; i++) {
      padding[i] = i % tk > 0 && random.nextInt(4) == 0 ? 1 : 0;
    }
  }

  private HeadLayout layout(int h, int t) {
    return fused ? HeadLayout.fused(t, h * d, d) : HeadLayout.split(h, t, d);
  }

  float[] read(long address, int n) {
    return Guarded.read(address, n);
  }

  void close(String what, float[] actual, float[] expected, double rtol, double atol) {
    Guarded.close(what, actual, Guarded.doubles(expected), rtol, atol);
  }

  /** Runs forward and backward. */
  void run(boolean checkGuards) {
    HeadLayout lq = layout(heads, tq);
    HeadLayout lk = layout(kvHeads, tk);
    float scale = (float) (1 / Math.sqrt(d));
    var shape = new AttentionShape(b, heads, kvHeads, tq, tk, d, scale, causal, lq, lk, lk, lq);
    pass = new AttentionPass(shape);
    pass.offset = offset;
    pass.q = m.of(q);
    pass.k = m.of(k);
    pass.v = m.of(v);
    pass.y = m.empty(q.length);
    pass.lse = m.empty(shape.lseFloats());
    if (bias != null) {
      pass.bias = m.of(bias);
      pass.biasBatch = biasStrides[0];
      pass.biasHead = biasStrides[1];
      pass.biasRow = biasStrides[2];
      pass.gBias = m.empty(bias.length);
    }
    if (blocked != null) {
      pass.blocked = m.ofInts(blocked);
      pass.blockedRow = tk;
    }
    if (padding != null) {
      pass.padding = m.ofInts(padding);
    }
    if (wantWeights) {
      pass.weights = m.empty((long) b * heads * tq * tk);
      pass.gWeights = m.of(gWeights);
    }
    pass.forward();
    pass.gy = m.of(gy);
    pass.gq = m.empty(q.length);
    pass.gk = m.empty(k.length);
    pass.gv = m.empty(v.length);
    pass.backward();
    if (checkGuards) {
      m.check();
    }
  }

  /** A hash of the bits of all results. */
  int hash() {
    int h = RecurrentCase.hash(1, pass.y, q.length);
    h = RecurrentCase.hash(h, pass.gq, q.length);
    h = RecurrentCase.hash(h, pass.gk, k.length);
    return RecurrentCase.hash(h, pass.gv, v.length);
  }

  private int at(HeadLayout l, int n, int h, int t, int e) {
    return (int) (n * l.batch() + h * l.head() + t * l.row()) + e;
  }

  void compareWithFormula() {
    HeadLayout lq = layout(heads, tq);
    HeadLayout lk = layout(kvHeads, tk);
    double scale = (float) (1 / Math.sqrt(d));
    double[] y = new double[q.length];
    double[] weights = new double[b * heads * tq * tk];
    double[] gq = new double[q.length];
    double[] gk = new double[k.length];
    double[] gv = new double[v.length];
    double[] gBias = new double[bias == null ? 0 : bias.length];
    for (int n = 0; n < b; n++) {
      for (int h = 0; h < heads; h++) {
        int kv = h / (heads / kvHeads);
        for (int i = 0; i < tq; i++) {
          double[] p = new double[tk];
          double max = Double.NEGATIVE_INFINITY;
          for (int j = 0; j < tk; j++) {
            double s = 0;
            for (int e = 0; e < d; e++) {
              s += (double) q[at(lq, n, h, i, e)] * k[at(lk, n, kv, j, e)];
            }
            s *= scale;
            if (bias != null) {
              s += bias[n * biasStrides[0] + h * biasStrides[1] + i * biasStrides[2] + j];
            }
            boolean hidden =
                (causal && j > i + offset)
                    || (blocked != null && blocked[i * tk + j] != 0)
                    || (padding != null && padding[n * tk + j] != 0);
            p[j] = hidden ? Double.NEGATIVE_INFINITY : s;
            max = Math.max(max, p[j]);
          }
          double sum = 0;
          for (int j = 0; j < tk; j++) {
            p[j] = max == Double.NEGATIVE_INFINITY ? 0 : Math.exp(p[j] - max);
            sum += p[j];
          }
          double[] dp = new double[tk];
          double delta = 0;
          for (int j = 0; j < tk; j++) {
            p[j] = sum == 0 ? 0 : p[j] / sum;
            int w = ((n * heads + h) * tq + i) * tk + j;
            weights[w] = p[j];
            dp[j] = wantWeights ? gWeights[w] : 0;
            for (int e = 0; e < d; e++) {
              y[at(lq, n, h, i, e)] += p[j] * v[at(lk, n, kv, j, e)];
              dp[j] += (double) gy[at(lq, n, h, i, e)] * v[at(lk, n, kv, j, e)];
              gv[at(lk, n, kv, j, e)] += p[j] * gy[at(lq, n, h, i, e)];
            }
            delta += p[j] * dp[j];
          }
          for (int j = 0; j < tk; j++) {
            double g = p[j] * (dp[j] - delta);
            if (bias != null) {
              gBias[n * biasStrides[0] + h * biasStrides[1] + i * biasStrides[2] + j] += g;
            }
            for (int e = 0; e < d; e++) {
              gq[at(lq, n, h, i, e)] += g * scale * k[at(lk, n, kv, j, e)];
              gk[at(lk, n, kv, j, e)] += g * scale * q[at(lq, n, h, i, e)];
            }
          }
        }
      }
    }
    String what = "[%d,%d/%d,%d,%d,%d] ".formatted(b, heads, kvHeads, tq, tk, d);
    Guarded.close(what + "y", read(pass.y, y.length), y, 5e-6, 0);
    if (wantWeights) {
      Guarded.close(what + "weights", read(pass.weights, weights.length), weights, 5e-6, 0);
    }
    Guarded.close(what + "gq", read(pass.gq, gq.length), gq, 1e-5, 0);
    Guarded.close(what + "gk", read(pass.gk, gk.length), gk, 1e-5, 0);
    Guarded.close(what + "gv", read(pass.gv, gv.length), gv, 1e-5, 0);
    if (bias != null) {
      Guarded.close(what + "gBias", read(pass.gBias, gBias.length), gBias, 1e-5, 0);
    }
  }
}
