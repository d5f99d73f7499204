package dev.harpia.simd;

/**
 * The gradient of a maximum or minimum over an axis that is shared evenly among equal elements, as
 * PyTorch's amax and amin do.
 */
public final class Ties {
  private static final Job.Body BACKWARD =
      (job, from, to) -> {
        long stride = 4 * job.m;
        for (long i = from; i < to; i++) {
          long o = 4 * (i / job.m * job.n * job.m + i % job.m);
          float y = Vectors.get(job.d + 4 * i);
          long count = count(job.c + o, job.n * stride, stride, y);
          share(
              job.a + o,
              job.c + o,
              job.n * stride,
              stride,
              y,
              Vectors.get(job.b + 4 * i) / count,
              job.add);
        }
      };

  private Ties() {}

  /**
   * gx [outer, axis, inner] = [gx +] gy / ties where x equals y [outer, inner] (NaN equals NaN
   * here), else 0.
   */
  public static void backward(
      long gx, long gy, long x, long y, long outer, long axis, long inner, boolean add) {
    Job job = Job.take();
    job.a = gx;
    job.b = gy;
    job.c = x;
    job.d = y;
    job.n = axis;
    job.m = inner;
    job.add = add;
    job.over(outer * inner, 16 * axis, BACKWARD);
    job.free();
  }

  private static long count(long x, long bytes, long stride, float y) {
    long count = 0;
    for (long o = 0; o < bytes; o += stride) {
      count += same(Vectors.get(x + o), y) ? 1 : 0;
    }
    return count;
  }

  private static void share(
      long gx, long x, long bytes, long stride, float y, float g, boolean add) {
    for (long o = 0; o < bytes; o += stride) {
      float d = same(Vectors.get(x + o), y) ? g : 0;
      Vectors.set(gx + o, add ? d + Vectors.get(gx + o) : d);
    }
  }

  private static boolean same(float x, float y) {
    return x == y || (Float.isNaN(x) && Float.isNaN(y));
  }
}
