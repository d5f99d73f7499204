package dev.harpia.simd;

/**
 * Copies along the middle axis of [outer, axis, inner] in another order: y[o, k, :] = x[o,
 * source(k), :]. Consecutive sources are copied as one run.
 */
public enum AxisMap {
  /** source(k) = k − p, and a constant outside. */
  PAD,
  /** source(k) = k − p, mirrored at the first and last element, p less than the axis. */
  PAD_REFLECT,
  /** source(k) = k − p, the first or last element outside. */
  PAD_REPLICATE,
  /** source(k) = k − p modulo the axis: circular padding, roll by p, and repetition (p = 0). */
  PAD_CIRCULAR,
  /** source(k) = axis − 1 − k. */
  FLIP,
  /** source(k) = p + k·q: strided slices; q may be negative. */
  STEP,
  /** source(k) = ⌊k / p⌋: each element p times. */
  REPEAT_EACH;

  private static final long CHUNK = 1024;

  private static final Job.Body FORWARD =
      (job, from, to) -> {
        for (long o = from; o < to; o++) {
          forward(job, job.a + 4 * o * job.l * job.m, job.b + 4 * o * job.n * job.m);
        }
      };
  private static final Job.Body BACKWARD =
      (job, from, to) -> {
        long chunks = (job.m + CHUNK - 1) / CHUNK;
        for (long i = from; i < to; i++) {
          long column = i % chunks * CHUNK;
          long n = Math.min(CHUNK, job.m - column);
          long o = i / chunks;
          backward(
              job,
              job.a + 4 * (o * job.n * job.m + column),
              job.b + 4 * (o * job.l * job.m + column),
              n);
        }
      };

  /**
   * y [outer, count, inner] = [y +] the elements of x [outer, axis, inner] in the new order.
   *
   * @param value what stands where PAD has no source
   */
  public void forward(
      long y,
      long x,
      long outer,
      long axis,
      long count,
      long inner,
      long p,
      long q,
      float value,
      boolean add) {
    Job job = table(axis, count, inner, p, q);
    job.a = y;
    job.b = x;
    job.s = value;
    job.add = add;
    job.over(outer, 2 * count * inner, FORWARD);
    job.free();
  }

  /**
   * gx [outer, axis, inner] += the elements of gy [outer, count, inner], in the order of k; without
   * {@code add} gx is cleared first.
   */
  public void backward(
      long gx,
      long gy,
      long outer,
      long axis,
      long count,
      long inner,
      long p,
      long q,
      boolean add) {
    Job job = table(axis, count, inner, p, q);
    job.a = gx;
    job.b = gy;
    job.add = add;
    long chunks = (inner + CHUNK - 1) / CHUNK;
    job.over(outer * chunks, 2 * count * Math.min(inner, CHUNK), BACKWARD);
    job.free();
  }

  /** A job whose memory at c holds source(k), −1 where there is none. */
  private Job table(long axis, long count, long inner, long p, long q) {
    Job job = Job.take();
    job.n = axis;
    job.l = count;
    job.m = inner;
    job.c = job.reserve(4 * Math.max(1, count));
    for (long k = 0; k < count; k++) {
      Vectors.setInt(job.c + 4 * k, (int) source(k, axis, p, q));
    }
    return job;
  }

  private long source(long k, long axis, long p, long q) {
    long at = k - p;
    return switch (this) {
      case PAD -> at < 0 || at >= axis ? -1 : at;
      case PAD_REFLECT -> at < 0 ? -at : at >= axis ? 2 * (axis - 1) - at : at;
      case PAD_REPLICATE -> Math.clamp(at, 0, axis - 1);
      case PAD_CIRCULAR -> Math.floorMod(at, axis);
      case FLIP -> axis - 1 - k;
      case STEP -> p + k * q;
      case REPEAT_EACH -> k / p;
    };
  }

  private static void forward(Job job, long y, long x) {
    long k = 0;
    while (k < job.l) {
      int source = Vectors.getInt(job.c + 4 * k);
      long run = run(job, k, source);
      long to = y + 4 * k * job.m;
      if (source < 0) {
        RowMaps.fill(to, run * job.m, job.s, job.add);
      } else if (run * job.m == 1) {
        float v = Vectors.get(x + 4L * source);
        Vectors.set(to, job.add ? v + Vectors.get(to) : v);
      } else {
        RowMaps.copy(to, x + 4 * source * job.m, run * job.m, job.add);
      }
      k += run;
    }
  }

  /** How many elements from k on have consecutive sources, or none. */
  private static long run(Job job, long k, int source) {
    long end = k + 1;
    int step = source < 0 ? 0 : 1;
    while (end < job.l && Vectors.getInt(job.c + 4 * end) == source + step * (end - k)) {
      end++;
    }
    return end - k;
  }

  private static void backward(Job job, long gx, long gy, long n) {
    if (!job.add) {
      for (long k = 0; k < job.n; k++) {
        RowMaps.fill(gx + 4 * k * job.m, n, 0, false);
      }
    }
    long k = 0;
    while (k < job.l) {
      int source = Vectors.getInt(job.c + 4 * k);
      long run = n == job.m ? run(job, k, source) : 1;
      long from = gy + 4 * k * job.m;
      if (source >= 0 && run * n == 1) {
        long to = gx + 4L * source;
        Vectors.set(to, Vectors.get(to) + Vectors.get(from));
      } else if (source >= 0) {
        RowMaps.copy(gx + 4 * source * job.m, from, run * n, true);
      }
      k += run;
    }
  }
}
