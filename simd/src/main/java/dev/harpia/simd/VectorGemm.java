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
  private static final int KC = 1024;

  /** Rows of A in one block: KC · MC elements fill a second-level cache of 1 MiB. */
  private static final int MC = 240;

  /** Columns of B packed at once. */
  private static final int NC = 512;

  /** From so many rows on, a panel of B is used often enough to be worth copying. */
  private static final int PACK_ROWS = 128;

  /**
   * Elements from the first row to the last of a B that is read as it lies, or of a transposed A: 2
   * MiB. Beyond, walking down a column meets too many pages and, when rows are a power of two
   * apart, too few cache lines.
   */
  private static final int FAR = 1 << 19;

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
    boolean packB = packsB(tb, m, k, ldb);
    boolean packA = alpha != 1 || (ta && n >= LANES && (long) lda * k > FAR);
    if (!packA && !packB) {
      block(ta, m, n, k, a, 4L * lda, b, 4L * ldb, 0, init, inits, c, sc, relu);
      return;
    }
    int nc = Math.min(NC, n);
    int kc = Math.min(KC, k);
    int mc = Math.min(MC, m);
    long bytesB = packB ? 4L * kc * roundUp(nc) + 4096 : 0;
    long sa = packA ? 4L * roundUp(kc) + BYTES : 4L * lda;
    long bytesA = packA ? mc * sa : 0;
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
          if (packA) {
            packRows(ta, blockA, 4L * lda, rows, depth, alpha, workA, sa);
            blockA = workA;
          }
          long ci = c + sc * i + 4L * j;
          long start = from == LOAD ? ci : from == BIAS ? init + 4L * j : init;
          block(
              ta && !packA,
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

  /** Whether B is copied before it is used. */
  static boolean packsB(boolean tb, int m, int k, int ldb) {
    return tb || (m >= PACK_ROWS && (long) ldb * k > FAR);
  }

  /** A block of alpha·A, row by row. */
  private static void packRows(
      boolean ta, long a, long lda, int rows, int depth, float alpha, long to, long ts) {
    if (ta) {
      Packing.transpose(a, lda, depth, rows, to, ts);
      if (alpha != 1) {
        Packing.scale(to, ts, rows, depth, alpha, to, ts);
      }
    } else {
      Packing.scale(a, lda, rows, depth, alpha, to, ts);
    }
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
