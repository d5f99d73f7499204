package dev.harpia.simd;

/**
 * Reductions of contiguous rows [rows, n] to [rows]. Long rows are cut into segments whose partial
 * results are joined in order, so that one long row is shared among threads with the same bits.
 */
final class RowReduction {
  static final int SUM = 0;
  static final int SQUARES = 1;
  static final int DEVIATIONS = 2;
  static final int MAX = 3;
  static final int MIN = 4;
  static final int PRODUCT = 5;

  private static final long SEGMENT = 16 * RowSums.BLOCK;

  private static final Job.Body PARTS =
      (job, from, to) -> {
        long segments = (job.n + SEGMENT - 1) / SEGMENT;
        for (long i = from; i < to; i++) {
          long start = i % segments * SEGMENT;
          long x = job.b + 4 * (i / segments * job.n + start);
          double part = part(job, x, Math.min(SEGMENT, job.n - start), i / segments);
          Doubles.put(job.d + 8 * i, part);
        }
      };

  private RowReduction() {}

  /** y = [y +] scale·reduction; {@code mean} is read for deviations only. */
  static void run(
      int kind, long y, long x, long mean, long rows, long n, double scale, boolean add) {
    if (n == 0) {
      RowMaps.fill(y, rows, kind == PRODUCT ? (float) scale : 0, add);
      return;
    }
    Job job = Job.take();
    job.b = x;
    job.c = mean;
    job.n = n;
    job.l = kind;
    long segments = (n + SEGMENT - 1) / SEGMENT;
    job.d = job.reserve(8 * rows * segments);
    job.over(rows * segments, Math.min(n, SEGMENT), PARTS);
    for (long r = 0; r < rows; r++) {
      double total = join(kind, job.d + 8 * r * segments, segments) * scale;
      float old = add ? Vectors.get(y + 4 * r) : 0;
      Vectors.set(y + 4 * r, add ? old + (float) total : (float) total);
    }
    job.free();
  }

  private static double part(Job job, long x, long n, long row) {
    return switch ((int) job.l) {
      case SUM -> RowSums.sum(x, n);
      case SQUARES -> RowSums.dot(x, x, n);
      case DEVIATIONS -> RowSums.deviations(x, n, Vectors.get(job.c + 4 * row));
      case MAX -> RowExtremes.max(x, n);
      case MIN -> RowExtremes.min(x, n);
      default -> product(x, n);
    };
  }

  private static double join(int kind, long parts, long segments) {
    double total = Doubles.get(parts);
    for (long i = 1; i < segments; i++) {
      double part = Doubles.get(parts + 8 * i);
      total =
          switch (kind) {
            case MAX -> Math.max(total, part);
            case MIN -> Math.min(total, part);
            case PRODUCT -> total * part;
            default -> total + part;
          };
    }
    return total;
  }

  private static double product(long x, long n) {
    double p = 1;
    for (long i = 0; i < n; i++) {
      p *= Vectors.get(x + 4 * i);
    }
    return p;
  }
}
