package dev.harpia.simd;

import static dev.harpia.simd.Vectors.BYTES;
import static dev.harpia.simd.Vectors.LANES;

import dev.harpia.simd.MicroKernels.Tile;
import java.lang.foreign.Arena;

/**
 * Matrix multiplication in pure Java: register tiles over blocks that fit the caches.
 *
 * <p>Every element is one chain of fused multiply-adds in the order of k, whatever the blocks and
 * tiles: {@code c = fma(alpha·a[k−1], b[k−1], … fma(alpha·a[0], b[0], c0))}, where {@code alpha·a}
 * is rounded and c0 is 0, the bias or {@code beta·c} rounded. So a product gives the same bits
 * whether it is done as a whole or cut along m or n.
 */
final class VectorGemm implements Gemm {
  /** The only instance. */
  static final VectorGemm INSTANCE = new VectorGemm();

  /** Steps of k in one run: a panel of B (64 columns) stays in the second-level cache. */
  private static final int KC = 256;

  /** Rows of A in one block: KC · MC elements are a quarter of a second-level cache of 1 MiB. */
  private static final int MC = 240;

  /** Columns of B packed at once. */
  private static final int NC = 512;

  /** From so many rows on, a panel of B is used often enough to be copied first. */
  private static final int PACK_ROWS = Integer.getInteger("packrows", 128);

  private static final long ZEROS = Arena.global().allocate(1024, 64).address();

  private VectorGemm() {}

  @Override
  public String name() {
    return "vector";
  }

  @Override
  public void multiply(
      boolean ta,
      boolean tb,
      int m,
      int n,
      int k,
      float alpha,
      long a,
      int lda,
      long b,
      int ldb,
      float beta,
      long c,
      int ldc) {
    run(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc, 0, false);
  }

  /**
   * C = act(alpha·op(A)·op(B) + beta·C + bias).
   *
   * @param bias address of n elements added to each row (only with {@code beta == 0}), or 0
   * @param relu whether act is max(x, 0) (NaN stays) instead of the identity
   */
  static void run(
      boolean ta,
      boolean tb,
      int m,
      int n,
      int k,
      float alpha,
      long a,
      int lda,
      long b,
      int ldb,
      float beta,
      long c,
      int ldc,
      long bias,
      boolean relu) {
    if (m == 0 || n == 0) {
      return;
    }
    long sc = 4L * ldc;
    if (beta != 0 && beta != 1) {
      Packing.scale(c, sc, m, n, beta, c, sc);
    }
    long init = bias != 0 ? bias : beta == 0 ? ZEROS : c;
    int inits = bias != 0 ? BIAS : beta == 0 ? ZERO : LOAD;
    if (k == 0 || alpha == 0) {
      k = 0;
      alpha = 1;
    }
    boolean packB = tb || m >= PACK_ROWS;
    boolean packA = alpha != 1 || (ta && (long) lda * k > 8192);
    if (!packA && !packB) {
      block(ta, m, n, k, a, 4L * lda, b, 4L * ldb, 0, init, inits, c, sc, relu);
      return;
    }
    int nc = Math.min(NC, n);
    int kc = Math.min(KC, k);
    int mc = Math.min(MC, m);
    long bytesB = packB ? 4L * kc * roundUp(nc) + 4096 : 0;
    long bytesA = packA ? 4L * (ta ? kc * (mc + 16) : mc * (kc + 16)) : 0;
    Scratch scratch = Scratch.acquire(bytesB + bytesA);
    long workB = scratch.address();
    long workA = workB + bytesB;
    for (int j = 0; j < n; j += nc) {
      int columns = Math.min(nc, n - j);
      int p = 0;
      do {
        int depth = Math.min(kc, k - p);
        boolean last = p + depth == k;
        long blockB = tb ? b + 4L * ldb * j + 4L * p : b + 4L * ldb * p + 4L * j;
        long panels = blockB;
        if (packB) {
          pack(tb, blockB, 4L * ldb, depth, columns, workB);
          panels = workB;
        }
        int from = p == 0 ? inits : LOAD;
        for (int i = 0; i < m; i += mc) {
          int rows = Math.min(mc, m - i);
          long blockA = ta ? a + 4L * lda * p + 4L * i : a + 4L * lda * i + 4L * p;
          long sa = 4L * lda;
          if (packA) {
            sa = ta ? 4L * (mc + 16) : 4L * (kc + 16);
            Packing.scale(blockA, 4L * lda, ta ? depth : rows, ta ? rows : depth, alpha, workA, sa);
            blockA = workA;
          }
          long ci = c + sc * i + 4L * j;
          long start = from == LOAD ? ci : from == BIAS ? init + 4L * j : init;
          block(
              ta,
              rows,
              columns,
              depth,
              blockA,
              sa,
              panels,
              packB ? 0 : 4L * ldb,
              packB ? 4L * depth : 0,
              start,
              from,
              ci,
              sc,
              relu && last);
        }
        p += depth;
      } while (p < k);
    }
    scratch.release();
  }

  private static final int ZERO = 0;
  private static final int BIAS = 1;
  private static final int LOAD = 2;

  /** Vectors of the next panel, of {@code left} vectors that are left: no narrow one at the end. */
  private static int width(int left) {
    int wide = MicroKernels.WIDE;
    return left <= wide ? left : left == wide + 1 && wide > 2 ? wide - 1 : wide;
  }

  private static int roundUp(int n) {
    return (n + LANES - 1) / LANES * LANES;
  }

  /**
   * Packs panels one after the other, each [depth][its width], the last vector filled with zeros.
   */
  private static void pack(boolean tb, long b, long sb, int depth, int columns, long to) {
    int left = (columns + LANES - 1) / LANES;
    for (int j = 0; j < columns; ) {
      int v = width(left);
      int here = Math.min(v * LANES, columns - j);
      int whole = here / LANES;
      long ts = (long) v * BYTES;
      if (tb) {
        Packing.transpose(b + sb * j, sb, here, depth, to, ts);
      } else {
        Packing.copy(b + 4L * j, sb, depth, whole, to, ts);
        if (whole < v) {
          long done = (long) whole * LANES;
          Packing.tail(b + 4L * (j + done), sb, depth, (int) (here - done), to + 4 * done, ts);
        }
      }
      to += ts * depth;
      j += here;
      left -= v;
    }
  }

  /**
   * One block of C from one block each of A and B.
   *
   * @param sb between rows of B, or 0 when panels are packed
   * @param sp bytes per column of packed panels
   */
  private static void block(
      boolean ta,
      int m,
      int n,
      int k,
      long a,
      long sa,
      long b,
      long sb,
      long sp,
      long init,
      int inits,
      long c,
      long sc,
      boolean relu) {
    int left = (n + LANES - 1) / LANES;
    for (int j = 0; j < n; ) {
      int v = width(left);
      int here = Math.min(v * LANES, n - j);
      long panel = sb == 0 ? b + sp * j : b + 4L * j;
      long start = inits == ZERO ? init : init + 4L * j;
      panel(
          ta,
          m,
          v,
          here - (v - 1) * LANES,
          k,
          a,
          sa,
          panel,
          sb == 0 ? (long) v * BYTES : sb,
          start,
          inits == LOAD ? sc : 0,
          c + 4L * j,
          sc,
          relu);
      j += here;
      left -= v;
    }
  }

  private static void panel(
      boolean ta,
      int m,
      int v,
      int lanes,
      int k,
      long a,
      long sa,
      long b,
      long sb,
      long init,
      long si,
      long c,
      long sc,
      boolean relu) {
    int tall = MicroKernels.rows(v);
    boolean masked = lanes < LANES;
    for (int i = 0; i < m; ) {
      int left = m - i;
      int r = left <= tall ? left : left < 2 * tall ? (left + 1) / 2 : tall;
      Tile tile = MicroKernels.tile(r, v, ta, masked, relu);
      tile.run(
          ta ? a + 4L * i : a + sa * i, sa, b, sb, k, init + si * i, si, c + sc * i, sc, lanes);
      i += r;
    }
  }
}
