package dev.harpia.simd;

/**
 * Cumulative sums and products along the middle axis of [outer, axis, inner], and the gradients of
 * products. One column at a time, in double: each element waits for its predecessor, so vectors
 * gain little here.
 */
public final class Scans {
  private static final Job.Body SUM =
      (job, from, to) -> {
        for (long i = from; i < to; i++) {
          sum(column(job, job.a, i), column(job, job.b, i), job.n, 4 * job.m, job.add);
        }
      };
  private static final Job.Body REVERSE_SUM =
      (job, from, to) -> {
        long end = 4 * (job.n - 1) * job.m;
        for (long i = from; i < to; i++) {
          sum(column(job, job.a, i) + end, column(job, job.b, i) + end, job.n, -4 * job.m, job.add);
        }
      };
  private static final Job.Body PRODUCT =
      (job, from, to) -> {
        for (long i = from; i < to; i++) {
          product(column(job, job.a, i), column(job, job.b, i), job.n, 4 * job.m);
        }
      };
  private static final Job.Body PRODUCT_GRADIENT =
      (job, from, to) -> {
        Scratch block = Scratch.acquire(8 * job.n);
        for (long i = from; i < to; i++) {
          long x = column(job, job.c, i);
          prefixes(block.address(), x, job.n, 4 * job.m);
          long gy = job.flag ? column(job, job.b, i) : job.b + 4 * i;
          gradient(column(job, job.a, i), gy, x, block.address(), job);
        }
        block.keep();
        block.release();
      };

  private Scans() {}

  /** y_k = Σ_{j ≤ k} x_j. May work in place. */
  public static void cumulativeSum(long y, long x, long outer, long axis, long inner) {
    run(SUM, y, x, 0, outer, axis, inner, false, false);
  }

  /** gx_k = [gx +] Σ_{j ≥ k} gy_j. */
  public static void cumulativeSumBackward(
      long gx, long gy, long outer, long axis, long inner, boolean add) {
    run(REVERSE_SUM, gx, gy, 0, outer, axis, inner, false, add);
  }

  /** y_k = Π_{j ≤ k} x_j. May work in place. */
  public static void cumulativeProduct(long y, long x, long outer, long axis, long inner) {
    run(PRODUCT, y, x, 0, outer, axis, inner, false, false);
  }

  /**
   * gx_k = [gx +] Σ_{j ≥ k} gy_j·Π_{i ≤ j, i ≠ k} x_i: exact with zeros too, since nothing is
   * divided.
   */
  public static void cumulativeProductBackward(
      long gx, long gy, long x, long outer, long axis, long inner, boolean add) {
    run(PRODUCT_GRADIENT, gx, gy, x, outer, axis, inner, true, add);
  }

  /** gx_k = [gx +] gy·Π_{i ≠ k} x_i, with gy [outer, inner] of {@link Reductions#product}. */
  public static void productBackward(
      long gx, long gy, long x, long outer, long axis, long inner, boolean add) {
    run(PRODUCT_GRADIENT, gx, gy, x, outer, axis, inner, false, add);
  }

  private static void run(
      Job.Body body,
      long y,
      long x,
      long values,
      long outer,
      long axis,
      long inner,
      boolean flag,
      boolean add) {
    if (axis == 0) {
      return;
    }
    Job job = Job.take();
    job.a = y;
    job.b = x;
    job.c = values;
    job.n = axis;
    job.m = inner;
    job.flag = flag;
    job.add = add;
    job.over(outer * inner, 16 * axis, body);
    job.free();
  }

  private static long column(Job job, long base, long i) {
    return base + 4 * (i / job.m * job.n * job.m + i % job.m);
  }

  private static void sum(long y, long x, long n, long stride, boolean add) {
    double total = 0;
    for (long o = 0; o != n * stride; o += stride) {
      total += Vectors.get(x + o);
      Vectors.set(y + o, add ? (float) total + Vectors.get(y + o) : (float) total);
    }
  }

  private static void product(long y, long x, long n, long stride) {
    double total = 1;
    for (long o = 0; o != n * stride; o += stride) {
      total *= Vectors.get(x + o);
      Vectors.set(y + o, (float) total);
    }
  }

  /** prefix_k, the product of the elements before k, as doubles. */
  private static void prefixes(long prefix, long x, long n, long stride) {
    double total = 1;
    for (long k = 0; k < n; k++) {
      Doubles.put(prefix + 8 * k, total);
      total *= Vectors.get(x + k * stride);
    }
  }

  /**
   * gx_k = prefix_k·r_k with r_k = g_k + x_{k+1}·r_{k+1}: the products after k times their
   * gradients. Of a plain product only the last has a gradient.
   */
  private static void gradient(long gx, long gy, long x, long prefix, Job job) {
    long stride = 4 * job.m;
    double r = 0;
    double next = 0;
    for (long k = job.n - 1; k >= 0; k--) {
      double g = job.flag ? Vectors.get(gy + k * stride) : k == job.n - 1 ? Vectors.get(gy) : 0;
      r = g + next * r;
      next = Vectors.get(x + k * stride);
      float d = (float) (Doubles.get(prefix + 8 * k) * r);
      Vectors.set(gx + k * stride, job.add ? d + Vectors.get(gx + k * stride) : d);
    }
  }
}
