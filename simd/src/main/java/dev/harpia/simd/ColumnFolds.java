package dev.harpia.simd;

/**
 * Maximum, minimum and product along the middle axis of [outer, axis, inner], inner > 1, axis ≥ 1.
 */
final class ColumnFolds {
  private static final Job.Body COLUMNS =
      (job, from, to) -> {
        long chunks = (job.m + ColumnSums.CHUNK - 1) / ColumnSums.CHUNK;
        long stride = 4 * job.m;
        for (long i = from; i < to; i++) {
          long column = i % chunks * ColumnSums.CHUNK;
          long n = Math.min(ColumnSums.CHUNK, job.m - column);
          long x = job.b + 4 * (i / chunks * job.n * job.m + column);
          long y = job.a + 4 * (i / chunks * job.m + column);
          RowMaps.copy(y, x, n, false);
          for (long k = 1; k < job.n; k++) {
            fold(job.l, y, x + k * stride, n);
          }
        }
      };

  private ColumnFolds() {}

  static void run(long kind, long y, long x, long outer, long axis, long inner) {
    Job job = Job.take();
    job.a = y;
    job.b = x;
    job.n = axis;
    job.m = inner;
    job.l = kind;
    long chunks = outer * ((inner + ColumnSums.CHUNK - 1) / ColumnSums.CHUNK);
    job.over(chunks, axis * Math.min(inner, ColumnSums.CHUNK), COLUMNS);
    job.free();
  }

  private static void fold(long kind, long y, long x, long n) {
    if (kind == RowReduction.MAX) {
      RowFolds.max(y, x, n);
    } else if (kind == RowReduction.MIN) {
      RowFolds.min(y, x, n);
    } else {
      RowFolds.multiply(y, x, n);
    }
  }
}
