package dev.harpia.simd;

/**
 * A residual connection and the norm of its sum, row by row while the row is in the cache: {@code s
 * = x + f}, {@code y = norm(s)}, with the bits of an addition followed by {@link LayerNorm}.
 */
public final class ResidualNorm {
  private static final Job.Body FORWARD =
      (job, from, to) -> {
        for (long r = from; r < to; r++) {
          long o = 4 * r * job.n;
          long s = job.e + o;
          float mean = 0;
          double squares;
          if (job.flag) {
            squares = AddRows.squares(s, job.b + o, job.g + o, job.n);
          } else {
            mean = (float) (AddRows.sum(s, job.b + o, job.g + o, job.n) / job.n);
            squares = RowSums.deviations(s, job.n, mean);
          }
          float rstd = (float) (1 / Math.sqrt(squares / job.n + job.s));
          LayerNorm.write(job.a + o, s, job.c, job.d, job.n, mean, rstd);
        }
      };

  private ResidualNorm() {}

  /**
   * Writes s [N, D] and y [N, D] from x and f [N, D].
   *
   * @param y the norm
   * @param sum s, which may lie over x, f or y
   * @param weight w [D], or 0
   * @param bias b [D], or 0; not for the root-mean-square variant
   * @param rms whether rows get mean square 1, instead of mean 0 and variance 1
   */
  public static void forward(
      long y,
      long sum,
      long x,
      long f,
      long weight,
      long bias,
      long rows,
      long d,
      float epsilon,
      boolean rms) {
    Job job = Job.take();
    job.a = y;
    job.b = x;
    job.c = weight;
    job.d = bias;
    job.e = sum;
    job.g = f;
    job.n = d;
    job.s = epsilon;
    job.flag = rms;
    job.over(rows, 5 * d, FORWARD);
    job.free();
  }
}
