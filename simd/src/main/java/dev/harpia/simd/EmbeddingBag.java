package dev.harpia.simd;

/**
 * Sums and means of embedding rows: bag b of the table [V, D] has the indices from offsets[b] up to
 * offsets[b + 1] (the last up to the end), as PyTorch's embedding_bag. An empty bag gives zeros.
 */
public final class EmbeddingBag {
  private static final long CHUNK = 256;

  private static final Job.Body FORWARD =
      (job, from, to) -> {
        for (long b = from; b < to; b++) {
          long y = job.a + 4 * b * job.m;
          long end = end(job, b);
          RowMaps.fill(y, job.m, 0, false);
          for (long i = Vectors.getInt(job.d + 4 * b); i < end; i++) {
            RowFolds.add(y, job.b + 4 * Vectors.getInt(job.c + 4 * i) * job.m, job.m);
          }
          RowMaps.scaleBy(y, y, job.m, factor(job, b), false);
        }
      };
  private static final Job.Body BACKWARD =
      (job, from, to) -> {
        for (long chunk = from; chunk < to; chunk++) {
          long column = chunk * CHUNK;
          long n = Math.min(CHUNK, job.m - column);
          for (long b = 0; b < job.k; b++) {
            scatter(job, b, column, n);
          }
        }
      };

  private EmbeddingBag() {}

  /** y [B, D]; indices [count] and offsets [B] are I32 and checked. */
  public static void forward(
      long y, long table, long indices, long offsets, long count, long bags, long d, boolean mean) {
    Job job = job(y, table, indices, offsets, count, bags, d, mean);
    job.over(bags, 2 * d * Math.max(1, count / Math.max(1, bags)), FORWARD);
    job.free();
  }

  /**
   * gtable [V, D] += gy [B, D] at the rows of each bag, in the order of the indices; cleared before
   * where not {@code add}.
   */
  public static void backward(
      long gtable,
      long gy,
      long indices,
      long offsets,
      long count,
      long bags,
      long rows,
      long d,
      boolean mean,
      boolean add) {
    if (!add) {
      Vectors.zero(gtable, 4 * rows * d);
    }
    Job job = job(gtable, gy, indices, offsets, count, bags, d, mean);
    job.over((d + CHUNK - 1) / CHUNK, 2 * count * CHUNK, BACKWARD);
    job.free();
  }

  private static Job job(
      long a, long b, long indices, long offsets, long count, long bags, long d, boolean mean) {
    Job job = Job.take();
    job.a = a;
    job.b = b;
    job.c = indices;
    job.d = offsets;
    job.n = count;
    job.k = bags;
    job.m = d;
    job.flag = mean;
    return job;
  }

  private static long end(Job job, long b) {
    return b + 1 < job.k ? Vectors.getInt(job.d + 4 * (b + 1)) : job.n;
  }

  private static float factor(Job job, long b) {
    return job.flag ? 1f / Math.max(1, end(job, b) - Vectors.getInt(job.d + 4 * b)) : 1;
  }

  private static void scatter(Job job, long b, long column, long n) {
    long end = end(job, b);
    float factor = factor(job, b);
    for (long i = Vectors.getInt(job.d + 4 * b); i < end; i++) {
      long to = job.a + 4 * (Vectors.getInt(job.c + 4 * i) * job.m + column);
      RowMaps.scaleBy(to, job.b + 4 * (b * job.m + column), n, factor, true);
    }
  }
}
