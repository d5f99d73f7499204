package dev.harpia.simd;

/**
 * Cross-entropy of logits [N, C] fused with log-softmax, as PyTorch's {@code cross_entropy}; L =
 * log Σ e^x of the row is saved.
 *
 * <p>Class targets y: loss = (1 − ε)·w_y·(L − x_y) + ε/C·Σ_c w_c·(L − x_c), and zero where y is the
 * ignored index. Probability targets t: loss = Σ_c w_c·t'_c·(L − x_c) with t' = (1 − ε)·t + ε/C.
 *
 * <p>{@code weights} is the address of C class weights, or 0 for none; {@code smoothing} is ε, in
 * [0, 1]; {@code ignore} is the target that counts for nothing (PyTorch's default is −100).
 */
public final class CrossEntropy {
  // Two phases, because too many kernels inlined into one body exhaust the compiler's node budget.
  private static final Job.Body LOG_SUM_EXP =
      (job, from, to) -> {
        for (long r = from; r < to; r++) {
          double lse = logSumExp(job.a + 4 * r * job.n, job.n);
          Doubles.put(job.g + 8 * r, lse);
          Vectors.set(job.d + 4 * r, (float) lse);
        }
      };
  private static final Job.Body FORWARD =
      (job, from, to) -> {
        for (long r = from; r < to; r++) {
          double lse = Doubles.get(job.g + 8 * r);
          int y = Vectors.getInt(job.b + 4 * r);
          Vectors.set(job.c + 4 * r, (float) loss(job, job.a + 4 * r * job.n, lse, y));
        }
      };
  private static final Job.Body BACKWARD =
      (job, from, to) -> {
        for (long r = from; r < to; r++) {
          int y = Vectors.getInt(job.b + 4 * r);
          float scale = job.flag ? job.t * Vectors.get(job.e + 4 * r) : job.t * Vectors.get(job.e);
          gradient(job, r, y, y == job.k ? 0 : scale);
        }
      };
  private static final Job.Body SOFT_FORWARD =
      (job, from, to) -> {
        for (long r = from; r < to; r++) {
          long x = job.a + 4 * r * job.n;
          long t = job.b + 4 * r * job.n;
          double lse = Doubles.get(job.g + 8 * r);
          double total = job.f == 0 ? RowSums.sum(t, job.n) : RowSums.dot(t, job.f, job.n);
          double dot =
              job.f == 0 ? RowSums.dot(t, x, job.n) : RowSums.covariance(t, job.f, x, job.n, 0);
          double loss = (1 - job.s) * (total * lse - dot);
          if (job.s != 0) {
            loss += job.s / job.n * (totalWeight(job) * lse - weightedSum(job, x));
          }
          Vectors.set(job.c + 4 * r, (float) loss);
        }
      };
  private static final Job.Body SOFT_BACKWARD =
      (job, from, to) -> {
        Scratch block = Scratch.acquire(4 * job.n);
        long mixed = block.address();
        for (long r = from; r < to; r++) {
          long t = job.b + 4 * r * job.n;
          float scale = job.flag ? job.t * Vectors.get(job.e + 4 * r) : job.t * Vectors.get(job.e);
          if (job.f != 0 || job.s != 0) {
            RowAffine.affine(mixed, t, job.n, 0, 1 - job.s, job.s / job.n, false);
            t = mixed;
          }
          if (job.f != 0) {
            RowMaps.product(mixed, mixed, job.f, job.n, false);
          }
          float a = scale * (float) RowSums.sum(t, job.n);
          RowExpGradients.weighted(
              job.c + 4 * r * job.n,
              job.a + 4 * r * job.n,
              t,
              job.n,
              Vectors.get(job.d + 4 * r),
              a,
              scale,
              job.add);
        }
        block.keep();
        block.release();
      };

  private CrossEntropy() {}

  /**
   * The first position whose target is neither a class in [0, C) nor the ignored index; −1 if all
   * are.
   */
  public static long firstBad(long targets, long n, int classes, int ignore) {
    for (long i = 0; i < n; i++) {
      int y = Vectors.getInt(targets + 4 * i);
      if ((y < 0 || y >= classes) && y != ignore) {
        return i;
      }
    }
    return -1;
  }

  /** Σ w_y over the targets that count: what the mean divides by. */
  public static double weight(long targets, long n, long weights, int ignore) {
    double sum = 0;
    for (long i = 0; i < n; i++) {
      int y = Vectors.getInt(targets + 4 * i);
      if (y != ignore) {
        sum += weights == 0 ? 1 : Vectors.get(weights + 4L * y);
      }
    }
    return sum;
  }

  /**
   * Losses [N] and L [N] from logits [N, C] and checked I32 targets [N].
   *
   * @see #firstBad
   */
  public static void forward(
      long loss,
      long lse,
      long logits,
      long targets,
      long n,
      int classes,
      long weights,
      float smoothing,
      int ignore) {
    Job job = job(logits, targets, classes, weights, smoothing, ignore);
    job.c = loss;
    job.d = lse;
    job.g = job.reserve(8 * n);
    job.over(n, 4L * classes, LOG_SUM_EXP);
    job.over(n, 2L * classes, FORWARD);
    job.free();
  }

  /**
   * gx [N, C] = [gx +] scale·g·∂loss/∂x.
   *
   * @param g gradients of the losses: [N] if {@code perRow}, else one that all rows share
   */
  public static void backward(
      long gx,
      long logits,
      long lse,
      long targets,
      long g,
      boolean perRow,
      float scale,
      long n,
      int classes,
      long weights,
      float smoothing,
      int ignore,
      boolean add) {
    Job job = job(logits, targets, classes, weights, smoothing, ignore);
    gradientOf(job, gx, lse, g, perRow, scale, add);
    job.over(n, 4L * classes, BACKWARD);
    job.free();
  }

  /**
   * Losses [N] and L [N] from logits [N, C] and probabilities [N, C]; {@code ignore} has no meaning
   * here.
   */
  public static void softForward(
      long loss,
      long lse,
      long logits,
      long targets,
      long n,
      int classes,
      long weights,
      float smoothing,
      int ignore) {
    Job job = job(logits, targets, classes, weights, smoothing, ignore);
    job.c = loss;
    job.d = lse;
    job.g = job.reserve(8 * n);
    job.over(n, 4L * classes, LOG_SUM_EXP);
    job.over(n, 2L * classes, SOFT_FORWARD);
    job.free();
  }

  /** As {@link #backward}, for probabilities [N, C]. */
  public static void softBackward(
      long gx,
      long logits,
      long lse,
      long targets,
      long g,
      boolean perRow,
      float scale,
      long n,
      int classes,
      long weights,
      float smoothing,
      int ignore,
      boolean add) {
    Job job = job(logits, targets, classes, weights, smoothing, ignore);
    gradientOf(job, gx, lse, g, perRow, scale, add);
    job.over(n, 6L * classes, SOFT_BACKWARD);
    job.free();
  }

  private static Job job(
      long logits, long targets, int classes, long weights, float smoothing, int ignore) {
    Job job = Job.take();
    job.a = logits;
    job.b = targets;
    job.n = classes;
    job.f = weights;
    job.s = smoothing;
    job.k = ignore;
    return job;
  }

  private static void gradientOf(
      Job job, long gx, long lse, long g, boolean perRow, float scale, boolean add) {
    job.c = gx;
    job.d = lse;
    job.e = g;
    job.flag = perRow;
    job.t = scale;
    job.add = add;
  }

  private static double logSumExp(long x, long n) {
    float max = RowExtremes.maxOfNumbers(x, n);
    return max + StrictMath.log(RowExp.sum(x, n, max));
  }

  private static double totalWeight(Job job) {
    return job.f == 0 ? job.n : RowSums.sum(job.f, job.n);
  }

  private static double weightedSum(Job job, long x) {
    return job.f == 0 ? RowSums.sum(x, job.n) : RowSums.dot(x, job.f, job.n);
  }

  private static double loss(Job job, long x, double lse, int y) {
    if (y == job.k) {
      return 0;
    }
    double w = job.f == 0 ? 1 : Vectors.get(job.f + 4L * y);
    double loss = (1 - job.s) * w * (lse - Vectors.get(x + 4L * y));
    return job.s == 0
        ? loss
        : loss + job.s / job.n * (totalWeight(job) * lse - weightedSum(job, x));
  }

  private static void gradient(Job job, long r, int y, float scale) {
    long gx = job.c + 4 * r * job.n;
    if (y == job.k) {
      if (!job.add) {
        Vectors.zero(gx, 4 * job.n);
      }
      return;
    }
    long x = job.a + 4 * r * job.n;
    float lse = Vectors.get(job.d + 4 * r);
    float w = job.f == 0 ? 1 : Vectors.get(job.f + 4L * y);
    float even = scale * job.s / job.n;
    float own = scale * (1 - job.s) * w;
    if (job.f == 0 || job.s == 0) {
      float all = job.s == 0 ? own : own + scale * job.s;
      RowExpGradients.weighted(gx, x, job.n, lse, all, even, job.add);
    } else {
      float all = own + even * (float) totalWeight(job);
      RowExpGradients.weighted(gx, x, job.f, job.n, lse, all, even, job.add);
    }
    long at = gx + 4L * y;
    Vectors.set(at, Vectors.get(at) - own);
  }
}
