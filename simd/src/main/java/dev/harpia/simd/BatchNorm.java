package dev.harpia.simd;

import static dev.harpia.simd.Vectors.LANES;

/**
 * Batch normalisation of [N, C, S], S the elements of a plane: y = (x − μ_c)·ρ_c·w_c + b_c with ρ =
 * 1/√(σ² + ε), as PyTorch's batch_norm. Means, ρ, w and b are [C]; address 0 stands for no w (1)
 * and no b (0).
 *
 * <p>Planes narrower than a vector, above all S = 1, are brought into the order [C, N·S] first.
 */
public final class BatchNorm {
  private static final Job.Body STATISTICS =
      (job, from, to) -> {
        double count = (double) job.n * job.k;
        for (long c = from; c < to; c++) {
          double sum = 0;
          for (long i = 0; i < job.n; i++) {
            sum += RowSums.sum(plane(job, job.b, i, c), job.k);
          }
          float mean = (float) (sum / count);
          double squares = 0;
          for (long i = 0; i < job.n; i++) {
            squares += RowSums.deviations(plane(job, job.b, i, c), job.k, mean);
          }
          Vectors.set(job.c + 4 * c, mean);
          Vectors.set(job.d + 4 * c, (float) (squares / count));
        }
      };
  private static final Job.Body NORMALIZE =
      (job, from, to) -> {
        for (long i = from; i < to; i++) {
          long c = i % job.m;
          float r = Vectors.get(job.d + 4 * c) * at(job.e, c, 1);
          RowAffine.affine(
              job.a + 4 * i * job.k,
              job.b + 4 * i * job.k,
              job.k,
              Vectors.get(job.c + 4 * c),
              r,
              at(job.f, c, 0),
              false);
        }
      };
  private static final Job.Body SUMS =
      (job, from, to) -> {
        for (long c = from; c < to; c++) {
          double sum = 0;
          double cross = 0;
          float mean = Vectors.get(job.c + 4 * c);
          for (long i = 0; i < job.n; i++) {
            long g = plane(job, job.f, i, c);
            sum += RowSums.sum(g, job.k);
            cross += RowSums.covariance(g, plane(job, job.b, i, c), job.k, mean);
          }
          Vectors.set(job.g + 8 * c, (float) sum);
          Vectors.set(job.g + 8 * c + 4, (float) (cross * Vectors.get(job.d + 4 * c)));
        }
      };
  private static final Job.Body GRADIENT =
      (job, from, to) -> {
        float count = (float) job.n * job.k;
        for (long i = from; i < to; i++) {
          long c = i % job.m;
          float r = Vectors.get(job.d + 4 * c);
          float a = r * at(job.e, c, 1);
          float cross = job.flag ? a * r * Vectors.get(job.g + 8 * c + 4) / count : 0;
          float even = job.flag ? a * Vectors.get(job.g + 8 * c) / count : 0;
          long o = 4 * i * job.k;
          RowAffine.combine(
              job.a + o,
              job.f + o,
              job.b + o,
              job.k,
              a,
              cross,
              Vectors.get(job.c + 4 * c),
              even,
              job.add);
        }
      };

  private BatchNorm() {}

  /** mean [C] and biased variance [C] over N and S. */
  public static void statistics(long mean, long variance, long x, long n, long channels, long s) {
    Job job = Job.take();
    job.b = narrow(n, s) ? channelsFirst(job, 0, x, n, channels, s, 1) : x;
    shape(job, n, channels, s);
    job.c = mean;
    job.d = variance;
    job.over(channels, 2 * n * s, STATISTICS);
    job.free();
  }

  /**
   * running = (1 − momentum)·running + momentum·batch for mean and variance [C]; the variance is
   * made unbiased by count/(count − 1), count the elements per channel.
   */
  public static void updateRunning(
      long runningMean,
      long runningVariance,
      long mean,
      long variance,
      long channels,
      long count,
      float momentum) {
    double unbiased = count / (count - 1.0);
    for (long o = 0; o < 4 * channels; o += 4) {
      float m = Vectors.get(runningMean + o);
      float v = Vectors.get(runningVariance + o);
      Vectors.set(runningMean + o, (1 - momentum) * m + momentum * Vectors.get(mean + o));
      Vectors.set(
          runningVariance + o,
          (1 - momentum) * v + momentum * (float) (Vectors.get(variance + o) * unbiased));
    }
  }

  /** rstd [C] = 1/√(variance + ε); may work in place. */
  public static void rstd(long rstd, long variance, long channels, float epsilon) {
    for (long o = 0; o < 4 * channels; o += 4) {
      Vectors.set(rstd + o, (float) (1 / Math.sqrt((double) Vectors.get(variance + o) + epsilon)));
    }
  }

  /**
   * y = (x − mean)·rstd·w + b, with the batch's statistics in training and the running ones in
   * evaluation.
   */
  public static void forward(
      long y, long x, long mean, long rstd, long weight, long bias, long n, long channels, long s) {
    Job job = Job.take();
    boolean narrow = narrow(n, s);
    job.b = narrow ? channelsFirst(job, 0, x, n, channels, s, 1) : x;
    job.a = narrow ? job.b : y;
    shape(job, n, channels, s);
    job.c = mean;
    job.d = rstd;
    job.e = weight;
    job.f = bias;
    job.over(job.n * channels, 2 * job.k, NORMALIZE);
    if (narrow) {
      exchange(y, job.a, channels, n, s, false);
    }
    job.free();
  }

  /**
   * gx, gw [C] = [gw +] Σ gy·x̂ and gb [C] = [gb +] Σ gy.
   *
   * @param training whether mean and rstd depend on x: then gx = ρ·w·(gy − mean gy −
   *     x̂·mean(gy·x̂)), else ρ·w·gy
   * @param gw where the weights' gradient goes, or 0
   * @param gb where the biases' gradient goes, or 0
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
      boolean training,
      long n,
      long channels,
      long s,
      boolean addX,
      boolean addW,
      boolean addB) {
    Job job = Job.take();
    boolean narrow = narrow(n, s);
    long size = 4 * n * channels * s;
    job.b = narrow ? channelsFirst(job, 8 * channels, x, n, channels, s, 2) : x;
    job.g = narrow ? job.b - align(8 * channels) : job.reserve(8 * channels);
    job.f = gy;
    if (narrow) {
      job.f = job.b + size;
      exchange(job.f, gy, n, channels, s, false);
    }
    shape(job, n, channels, s);
    job.a = narrow ? job.f : gx;
    job.c = mean;
    job.d = rstd;
    job.e = weight;
    job.flag = training;
    job.add = addX && !narrow;
    job.over(channels, 4 * n * s, SUMS);
    for (long c = 0; c < channels; c++) {
      put(gb, c, Vectors.get(job.g + 8 * c), addB);
      put(gw, c, Vectors.get(job.g + 8 * c + 4), addW);
    }
    if (gx != 0) {
      job.over(job.n * channels, 3 * job.k, GRADIENT);
      if (narrow) {
        exchange(gx, job.a, channels, n, s, addX);
      }
    }
    job.free();
  }

  private static boolean narrow(long n, long s) {
    return s < LANES && n > 1;
  }

  private static void shape(Job job, long n, long channels, long s) {
    job.n = narrow(n, s) ? 1 : n;
    job.m = channels;
    job.k = narrow(n, s) ? n * s : s;
  }

  /**
   * [N, C, S] at x as [C, N, S] in the job's memory, which has room for {@code copies} of it after
   * {@code before} bytes.
   */
  private static long channelsFirst(
      Job job, long before, long x, long n, long channels, long s, int copies) {
    long to = job.reserve(align(before) + copies * 4 * n * channels * s) + align(before);
    exchange(to, x, n, channels, s, false);
    return to;
  }

  private static void exchange(long to, long from, long outer, long axis, long inner, boolean add) {
    Permute.exchange(to, from, outer, axis, inner, add);
  }

  private static long align(long bytes) {
    return (bytes + 63) & -64;
  }

  private static long plane(Job job, long base, long i, long c) {
    return base + 4 * (i * job.m + c) * job.k;
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
