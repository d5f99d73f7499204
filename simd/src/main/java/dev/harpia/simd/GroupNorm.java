package dev.harpia.simd;

/**
 * Group normalisation of [N, C, S] over groups of channels, as PyTorch's group_norm; with as many
 * groups as channels it is instance normalisation. Means and ρ = 1/√(σ² + ε) are [N, G], w and b
 * [C], address 0 for none.
 */
public final class GroupNorm {
  private static final Job.Body FORWARD =
      (job, from, to) -> {
        long d = job.m * job.k;
        for (long g = from; g < to; g++) {
          long x = job.b + 4 * g * d;
          float mean = (float) (RowSums.sum(x, d) / d);
          float rstd = (float) (1 / Math.sqrt(RowSums.deviations(x, d, mean) / d + job.s));
          Vectors.set(job.c + 4 * g, mean);
          Vectors.set(job.d + 4 * g, rstd);
        }
      };
  private static final Job.Body NORMALIZE =
      (job, from, to) -> {
        for (long i = from; i < to; i++) {
          long group = i / job.m;
          long c = i % job.n;
          float r = Vectors.get(job.d + 4 * group) * at(job.e, c, 1);
          long o = 4 * i * job.k;
          RowAffine.affine(
              job.a + o,
              job.b + o,
              job.k,
              Vectors.get(job.c + 4 * group),
              r,
              at(job.f, c, 0),
              false);
        }
      };
  private static final Job.Body SUMS =
      (job, from, to) -> {
        for (long i = from; i < to; i++) {
          long o = 4 * i * job.k;
          float mean = Vectors.get(job.c + 4 * (i / job.m));
          Vectors.set(job.g + 8 * i, (float) RowSums.sum(job.f + o, job.k));
          Vectors.set(
              job.g + 8 * i + 4, (float) RowSums.covariance(job.f + o, job.b + o, job.k, mean));
        }
      };
  private static final Job.Body GRADIENT =
      (job, from, to) -> {
        for (long i = from; i < to; i++) {
          input(job, i);
        }
      };

  private GroupNorm() {}

  /** Writes y, mean [N, G] and rstd [N, G]; C is a multiple of G. */
  public static void forward(
      long y,
      long mean,
      long rstd,
      long x,
      long weight,
      long bias,
      long n,
      long channels,
      long groups,
      long s,
      float epsilon) {
    Job job = job(x, mean, rstd, weight, channels, groups, s);
    job.a = y;
    job.f = bias;
    job.s = epsilon;
    job.over(n * groups, 2 * job.m * s, FORWARD);
    job.over(n * channels, 2 * s, NORMALIZE);
    job.free();
  }

  /**
   * gx = [gx +] …, gw [C] = [gw +] Σ gy·x̂ and gb [C] = [gb +] Σ gy; address 0 where one is not
   * wanted.
   */
  public static void backward(
      long gx,
      long gw,
      long gb,
      long gy,
      long x,
      long mean,
      long rstd,
      long weight,
      long n,
      long channels,
      long groups,
      long s,
      boolean addX,
      boolean addW,
      boolean addB) {
    Job job = job(x, mean, rstd, weight, channels, groups, s);
    job.a = gx;
    job.f = gy;
    job.add = addX;
    job.g = job.reserve(8 * n * channels);
    job.over(n * channels, 3 * s, SUMS);
    if (gx != 0) {
      job.over(n * channels, 3 * s + 2 * job.m, GRADIENT);
    }
    for (long c = 0; c < channels; c++) {
      double even = 0;
      double cross = 0;
      for (long i = c; i < n * channels; i += channels) {
        even += Vectors.get(job.g + 8 * i);
        cross += (double) Vectors.get(job.g + 8 * i + 4) * Vectors.get(rstd + 4 * (i / job.m));
      }
      put(gb, c, (float) even, addB);
      put(gw, c, (float) cross, addW);
    }
    job.free();
  }

  private static Job job(
      long x, long mean, long rstd, long weight, long channels, long groups, long s) {
    Job job = Job.take();
    job.b = x;
    job.c = mean;
    job.d = rstd;
    job.e = weight;
    job.n = channels;
    job.m = channels / groups;
    job.k = s;
    return job;
  }

  private static void input(Job job, long i) {
    long group = i / job.m;
    double sum = 0;
    double cross = 0;
    for (long k = group * job.m; k < (group + 1) * job.m; k++) {
      float w = at(job.e, k % job.n, 1);
      sum += (double) w * Vectors.get(job.g + 8 * k);
      cross += (double) w * Vectors.get(job.g + 8 * k + 4);
    }
    double r = Vectors.get(job.d + 4 * group);
    double d = (double) job.m * job.k;
    float a = (float) r * at(job.e, i % job.n, 1);
    float mean = Vectors.get(job.c + 4 * group);
    long o = 4 * i * job.k;
    RowAffine.combine(
        job.a + o,
        job.f + o,
        job.b + o,
        job.k,
        a,
        (float) (r * r * r * cross / d),
        mean,
        (float) (r * sum / d),
        job.add);
  }

  private static float at(long address, long i, float none) {
    return address == 0 ? none : Vectors.get(address + 4 * i);
  }

  private static void put(long address, long i, float value, boolean add) {
    if (address != 0) {
      Vectors.set(address + 4 * i, add ? value + Vectors.get(address + 4 * i) : value);
    }
  }
}
