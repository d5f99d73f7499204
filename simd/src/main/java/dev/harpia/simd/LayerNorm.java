package dev.harpia.simd;

/**
 * Layer normalisation over rows [N, D]: y = (x − μ)·ρ·w + b with ρ = 1/√(σ² + ε), and its
 * root-mean-square variant y = x·ρ·w with ρ = 1/√(mean x² + ε). The means and ρ of the rows are
 * saved. w and b are [D], address 0 where there is none.
 */
public final class LayerNorm {
  /** Rows whose weight gradients are summed together; shape alone fixes it. */
  private static final long GROUP = 64;

  private static final Job.Body FORWARD =
      (job, from, to) -> {
        for (long r = from; r < to; r++) {
          long x = job.b + 4 * r * job.n;
          float mean = job.flag ? 0 : (float) (RowSums.sum(x, job.n) / job.n);
          double squares = job.flag ? RowSums.dot(x, x, job.n) : RowSums.deviations(x, job.n, mean);
          float rstd = (float) (1 / Math.sqrt(squares / job.n + job.s));
          Vectors.set(job.f + 4 * r, rstd);
          if (!job.flag) {
            Vectors.set(job.e + 4 * r, mean);
          }
          write(job.a + 4 * r * job.n, x, job.c, job.d, job.n, mean, rstd);
        }
      };
  private static final Job.Body BACKWARD =
      (job, from, to) -> {
        for (long r = from; r < to; r++) {
          long o = 4 * r * job.n;
          float mean = job.flag ? 0 : Vectors.get(job.e + 4 * r);
          input(job, job.a + o, job.b + o, job.c + o, mean, Vectors.get(job.f + 4 * r));
        }
      };
  private static final Job.Body WEIGHT =
      (job, from, to) -> {
        for (long group = from; group < to; group++) {
          long end = Math.min(job.m, (group + 1) * GROUP);
          long w = job.h + 4 * group * job.n;
          Vectors.zero(w, 4 * job.n);
          for (long r = group * GROUP; r < end; r++) {
            long o = 4 * r * job.n;
            float mean = job.flag ? 0 : Vectors.get(job.e + 4 * r);
            RowAffine.addProduct(
                w, job.b + o, job.c + o, job.n, mean, Vectors.get(job.f + 4 * r), true);
          }
        }
      };

  private LayerNorm() {}

  /** Writes y [N, D], mean [N] and rstd [N]. */
  public static void forward(
      long y,
      long mean,
      long rstd,
      long x,
      long weight,
      long bias,
      long rows,
      long d,
      float epsilon) {
    run(y, mean, rstd, x, weight, bias, rows, d, epsilon, false);
  }

  /** Root-mean-square normalisation: writes y [N, D] and rstd [N]. */
  public static void rmsForward(
      long y, long rstd, long x, long weight, long rows, long d, float epsilon) {
    run(y, 0, rstd, x, weight, 0, rows, d, epsilon, true);
  }

  /** gx [N, D] = [gx +] ρ·(gy·w − mean(gy·w) − x̂·mean(gy·w·x̂)), with x̂ = (x − μ)·ρ. */
  public static void backward(
      long gx, long gy, long x, long mean, long rstd, long weight, long rows, long d, boolean add) {
    inputGradient(gx, gy, x, mean, rstd, weight, rows, d, add, false);
  }

  /** gx [N, D] = [gx +] ρ·(gy·w − x̂·mean(gy·w·x̂)), with x̂ = x·ρ. */
  public static void rmsBackward(
      long gx, long gy, long x, long rstd, long weight, long rows, long d, boolean add) {
    inputGradient(gx, gy, x, 0, rstd, weight, rows, d, add, true);
  }

  /** gw [D] = [gw +] Σ_n gy·(x − μ)·ρ; no mean (address 0) for the root-mean-square variant. */
  public static void weightGradient(
      long gw, long gy, long x, long mean, long rstd, long rows, long d, boolean add) {
    Job job = Job.take();
    job.b = gy;
    job.c = x;
    job.e = mean;
    job.f = rstd;
    job.flag = mean == 0;
    job.n = d;
    job.m = rows;
    long groups = (rows + GROUP - 1) / GROUP;
    job.h = job.reserve(4 * Math.max(1, groups) * d);
    job.over(groups, 2 * GROUP * d, WEIGHT);
    ColumnSums.sum(gw, job.h, 1, groups, d, 1, add);
    job.free();
  }

  /** gb [D] = [gb +] Σ_n gy. */
  public static void biasGradient(long gb, long gy, long rows, long d, boolean add) {
    ColumnSums.sum(gb, gy, 1, rows, d, 1, add);
  }

  private static void run(
      long y,
      long mean,
      long rstd,
      long x,
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
    job.e = mean;
    job.f = rstd;
    job.n = d;
    job.s = epsilon;
    job.flag = rms;
    job.over(rows, 4 * d, FORWARD);
    job.free();
  }

  private static void inputGradient(
      long gx,
      long gy,
      long x,
      long mean,
      long rstd,
      long weight,
      long rows,
      long d,
      boolean add,
      boolean rms) {
    Job job = Job.take();
    job.a = gx;
    job.b = gy;
    job.c = x;
    job.d = weight;
    job.e = mean;
    job.f = rstd;
    job.n = d;
    job.add = add;
    job.flag = rms;
    job.over(rows, 6 * d, BACKWARD);
    job.free();
  }

  static void write(long y, long x, long weight, long bias, long d, float mean, float rstd) {
    if (weight == 0) {
      RowAffine.normalize(y, x, d, mean, rstd, false);
    } else if (bias == 0) {
      RowAffine.scaleRow(y, x, weight, d, mean, rstd, false);
    } else {
      RowAffine.affineRow(y, x, weight, bias, d, mean, rstd, false);
    }
  }

  private static void input(Job job, long gx, long gy, long x, float mean, float rstd) {
    long n = job.n;
    long w = job.d;
    double sum;
    double cross;
    if (w == 0) {
      sum = job.flag ? 0 : RowSums.sum(gy, n);
      cross = RowSums.covariance(gy, x, n, mean);
    } else {
      sum = job.flag ? 0 : RowSums.dot(gy, w, n);
      cross = RowSums.covariance(gy, w, x, n, mean);
    }
    double r = rstd;
    float b = (float) (r * r * r * cross / n);
    float c = (float) (r * sum / n);
    if (w == 0) {
      RowAffine.combine(gx, gy, x, n, rstd, b, mean, c, job.add);
    } else {
      RowAffine.combineRow(gx, gy, w, x, n, rstd, b, mean, c, job.add);
    }
  }
}
