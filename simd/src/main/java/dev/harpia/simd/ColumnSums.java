package dev.harpia.simd;

/**
 * Sums along the middle axis of [outer, axis, inner], inner > 1: rows are added to rows, in chunks
 * that stay in the cache.
 *
 * <p>Rows are summed in blocks and the blocks' sums are summed, so that the error grows with the
 * square root of the axis. Few columns and a long axis are shared among threads by blocks, else by
 * columns: by shape alone.
 */
final class ColumnSums {
  /** Columns that one piece of work takes. */
  static final long CHUNK = 1024;

  private static final int SUM = 0;
  private static final int SQUARES = 1;
  private static final int DEVIATIONS = 2;

  private static final Job.Body COLUMNS =
      (job, from, to) -> {
        long chunks = (job.m + CHUNK - 1) / CHUNK;
        Scratch block = Scratch.acquire(8 * CHUNK);
        long total = block.address();
        long part = total + 4 * CHUNK;
        for (long i = from; i < to; i++) {
          long column = i % chunks * CHUNK;
          long n = Math.min(CHUNK, job.m - column);
          long at = i / chunks * job.m + column;
          long x = job.b + 4 * (i / chunks * job.n * job.m + column);
          rows(job, total, x, job.c + 4 * at, Math.min(job.k, job.n), n);
          for (long k = job.k; k < job.n; k += job.k) {
            rows(job, part, x + 4 * k * job.m, job.c + 4 * at, Math.min(job.k, job.n - k), n);
            RowFolds.add(total, part, n);
          }
          RowMaps.scaleBy(job.a + 4 * at, total, n, job.s, job.add);
        }
        block.keep();
        block.release();
      };
  private static final Job.Body BLOCKS =
      (job, from, to) -> {
        for (long i = from; i < to; i++) {
          long first = i * job.k;
          rows(
              job,
              job.d + 4 * i * job.m,
              job.b + 4 * first * job.m,
              job.c,
              Math.min(job.k, job.n - first),
              job.m);
        }
      };

  private ColumnSums() {}

  /** y = [y +] scale·Σ x. */
  static void sum(long y, long x, long outer, long axis, long inner, float scale, boolean add) {
    run(SUM, y, x, 0, outer, axis, inner, scale, add);
  }

  /** y = [y +] scale·Σ x². */
  static void squares(long y, long x, long outer, long axis, long inner, float scale, boolean add) {
    run(SQUARES, y, x, 0, outer, axis, inner, scale, add);
  }

  /** y = scale·Σ (x − mean)², with means [outer, inner]. */
  static void deviations(
      long y, long x, long mean, long outer, long axis, long inner, float scale) {
    run(DEVIATIONS, y, x, mean, outer, axis, inner, scale, false);
  }

  private static void run(
      int kind,
      long y,
      long x,
      long mean,
      long outer,
      long axis,
      long inner,
      float scale,
      boolean add) {
    Job job = Job.take();
    job.a = y;
    job.b = x;
    job.c = mean;
    job.n = axis;
    job.m = inner;
    job.k = axis <= 4096 ? 64 : 64 * (long) Math.ceil(Math.sqrt(axis) / 64);
    job.l = kind;
    job.s = scale;
    job.add = add;
    long chunks = outer * ((inner + CHUNK - 1) / CHUNK);
    if (outer == 1 && chunks < 8 && axis > job.k) {
      long blocks = (axis + job.k - 1) / job.k;
      job.d = job.reserve(4 * blocks * inner);
      job.over(blocks, job.k * inner, BLOCKS);
      job.b = job.d;
      job.n = blocks;
      job.l = SUM;
    }
    job.over(chunks, job.n * Math.min(inner, CHUNK), COLUMNS);
    job.free();
  }

  /** to [n] = Σ over rows of x, which stand job.m elements apart. */
  private static void rows(Job job, long to, long x, long mean, long rows, long n) {
    long stride = 4 * job.m;
    RowMaps.fill(to, n, 0, false);
    if (job.l == SUM) {
      long k = 0;
      for (; k + 4 <= rows; k += 4) {
        RowFolds.addFour(to, x + k * stride, stride, n);
      }
      for (; k < rows; k++) {
        RowFolds.add(to, x + k * stride, n);
      }
    } else if (job.l == SQUARES) {
      for (long k = 0; k < rows; k++) {
        RowFolds.addSquares(to, x + k * stride, n);
      }
    } else {
      for (long k = 0; k < rows; k++) {
        RowFolds.addDeviations(to, x + k * stride, mean, n);
      }
    }
  }
}
