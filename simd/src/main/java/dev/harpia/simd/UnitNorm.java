package dev.harpia.simd;

/**
 * Rows [N, D] divided by their Euclidean length: y = x·ρ with ρ = 1/max(‖x‖, ε), as PyTorch's
 * normalize. ρ [N] is saved.
 */
public final class UnitNorm {
  private static final Job.Body FORWARD =
      (job, from, to) -> {
        for (long r = from; r < to; r++) {
          long x = job.b + 4 * r * job.n;
          float scale = (float) (1 / Math.max(Math.sqrt(RowSums.dot(x, x, job.n)), job.s));
          Vectors.set(job.c + 4 * r, scale);
          RowMaps.scaleBy(job.a + 4 * r * job.n, x, job.n, scale, false);
        }
      };
  private static final Job.Body BACKWARD =
      (job, from, to) -> {
        for (long r = from; r < to; r++) {
          long o = 4 * r * job.n;
          float scale = Vectors.get(job.d + 4 * r);
          boolean clamped = scale >= 1 / job.s;
          float cross = clamped ? 0 : (float) (scale * RowSums.dot(job.b + o, job.c + o, job.n));
          RowAffine.combine(job.a + o, job.b + o, job.c + o, job.n, scale, cross, 0, 0, job.add);
        }
      };

  private UnitNorm() {}

  /** Writes y [N, D] and the factors [N]. */
  public static void forward(long y, long scale, long x, long rows, long d, float epsilon) {
    Job job = Job.take();
    job.a = y;
    job.b = x;
    job.c = scale;
    job.n = d;
    job.s = epsilon;
    job.over(rows, 3 * d, FORWARD);
    job.free();
  }

  /** gx = [gx +] ρ·(gy − y·Σ gy·y), and ρ·gy for rows shorter than ε. */
  public static void backward(
      long gx, long gy, long y, long scale, long rows, long d, float epsilon, boolean add) {
    Job job = Job.take();
    job.a = gx;
    job.b = gy;
    job.c = y;
    job.d = scale;
    job.n = d;
    job.s = epsilon;
    job.add = add;
    job.over(rows, 4 * d, BACKWARD);
    job.free();
  }
}
