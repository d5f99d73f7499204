package dev.harpia.simd;

/**
 * Nearest and bilinear resizing of planes [N·C, H, W] to [N·C, H', W'], as PyTorch's interpolate;
 * height 1 makes it linear.
 *
 * <p>Bilinear: the source of an output place i is i·(H − 1)/(H' − 1) with aligned corners, else
 * max(0, (i + ½)·H/H' − ½). A row is first mixed from two rows, then along its width; the backward
 * pass goes the same way back.
 */
public final class Upsample {
  private static final Job.Body NEAREST =
      (job, from, to) -> {
        for (long p = from; p < to; p++) {
          for (long i = 0; i < job.k; i++) {
            long x = job.b + 4 * (p * job.n + i * job.n / job.k) * job.m;
            pick(job.a + 4 * (p * job.k + i) * job.l, x, job.c, job.l, job.add);
          }
        }
      };
  private static final Job.Body NEAREST_BACKWARD =
      (job, from, to) -> {
        for (long p = from; p < to; p++) {
          clear(job, p);
          for (long i = 0; i < job.k; i++) {
            long gx = job.a + 4 * (p * job.n + i * job.n / job.k) * job.m;
            drop(gx, job.b + 4 * (p * job.k + i) * job.l, job.c, job.l);
          }
        }
      };
  private static final Job.Body BILINEAR =
      (job, from, to) -> {
        Scratch block = Scratch.acquire(4 * job.m);
        long row = block.address();
        for (long p = from; p < to; p++) {
          for (long i = 0; i < job.k; i++) {
            double at = source(i, job.n, job.k, job.flag);
            long first = Math.min((long) at, job.n - 1);
            long second = Math.min(first + 1, job.n - 1);
            float w = (float) (at - first);
            RowMaps.scaleBy(row, job.b + 4 * (p * job.n + first) * job.m, job.m, 1 - w, false);
            RowMaps.scaleBy(row, job.b + 4 * (p * job.n + second) * job.m, job.m, w, true);
            mix(job.a + 4 * (p * job.k + i) * job.l, row, job.c, job.l, job.add);
          }
        }
        block.keep();
        block.release();
      };
  private static final Job.Body BILINEAR_BACKWARD =
      (job, from, to) -> {
        Scratch block = Scratch.acquire(4 * job.m);
        long row = block.address();
        for (long p = from; p < to; p++) {
          clear(job, p);
          for (long i = 0; i < job.k; i++) {
            double at = source(i, job.n, job.k, job.flag);
            long first = Math.min((long) at, job.n - 1);
            long second = Math.min(first + 1, job.n - 1);
            float w = (float) (at - first);
            RowMaps.fill(row, job.m, 0, false);
            unmix(row, job.b + 4 * (p * job.k + i) * job.l, job.c, job.l);
            RowMaps.scaleBy(job.a + 4 * (p * job.n + first) * job.m, row, job.m, 1 - w, true);
            RowMaps.scaleBy(job.a + 4 * (p * job.n + second) * job.m, row, job.m, w, true);
          }
        }
        block.keep();
        block.release();
      };

  private Upsample() {}

  /** y [planes, H', W'] = [y +] x[⌊i·H/H'⌋, ⌊j·W/W'⌋]. */
  public static void nearest(
      long y,
      long x,
      long planes,
      long height,
      long width,
      long newHeight,
      long newWidth,
      boolean add) {
    run(NEAREST, y, x, planes, height, width, newHeight, newWidth, false, true, add);
  }

  /** gx [planes, H, W] = [gx +] the sums of gy over what each place was copied to. */
  public static void nearestBackward(
      long gx,
      long gy,
      long planes,
      long height,
      long width,
      long newHeight,
      long newWidth,
      boolean add) {
    run(NEAREST_BACKWARD, gx, gy, planes, height, width, newHeight, newWidth, false, true, add);
  }

  /** y [planes, H', W'] = [y +] x interpolated between its four neighbours. */
  public static void bilinear(
      long y,
      long x,
      long planes,
      long height,
      long width,
      long newHeight,
      long newWidth,
      boolean alignCorners,
      boolean add) {
    run(BILINEAR, y, x, planes, height, width, newHeight, newWidth, alignCorners, false, add);
  }

  /** gx [planes, H, W] = [gx +] gy shared among the four neighbours. */
  public static void bilinearBackward(
      long gx,
      long gy,
      long planes,
      long height,
      long width,
      long newHeight,
      long newWidth,
      boolean alignCorners,
      boolean add) {
    run(
        BILINEAR_BACKWARD,
        gx,
        gy,
        planes,
        height,
        width,
        newHeight,
        newWidth,
        alignCorners,
        false,
        add);
  }

  private static void run(
      Job.Body body,
      long to,
      long from,
      long planes,
      long height,
      long width,
      long newHeight,
      long newWidth,
      boolean align,
      boolean nearest,
      boolean add) {
    Job job = Job.take();
    job.a = to;
    job.b = from;
    job.n = height;
    job.m = width;
    job.k = newHeight;
    job.l = newWidth;
    job.flag = align;
    job.add = add;
    job.c = job.reserve(12 * Math.max(1, newWidth));
    for (long j = 0; j < newWidth; j++) {
      double at = nearest ? j * width / newWidth : source(j, width, newWidth, align);
      long first = Math.min((long) at, width - 1);
      Vectors.setInt(job.c + 12 * j, (int) first);
      Vectors.setInt(job.c + 12 * j + 4, (int) Math.min(first + 1, width - 1));
      Vectors.set(job.c + 12 * j + 8, (float) (at - first));
    }
    job.over(planes, 4 * newHeight * newWidth + height * width, body);
    job.free();
  }

  private static double source(long i, long size, long newSize, boolean align) {
    if (align) {
      return newSize == 1 ? 0 : (double) i * (size - 1) / (newSize - 1);
    }
    return Math.max(0, (i + 0.5) * size / newSize - 0.5);
  }

  private static void clear(Job job, long plane) {
    if (!job.add) {
      Vectors.zero(job.a + 4 * plane * job.n * job.m, 4 * job.n * job.m);
    }
  }

  private static void pick(long y, long x, long table, long n, boolean add) {
    for (long j = 0; j < n; j++) {
      float v = Vectors.get(x + 4L * Vectors.getInt(table + 12 * j));
      Vectors.set(y + 4 * j, add ? v + Vectors.get(y + 4 * j) : v);
    }
  }

  private static void drop(long gx, long gy, long table, long n) {
    for (long j = 0; j < n; j++) {
      long at = gx + 4L * Vectors.getInt(table + 12 * j);
      Vectors.set(at, Vectors.get(at) + Vectors.get(gy + 4 * j));
    }
  }

  private static void mix(long y, long x, long table, long n, boolean add) {
    for (long j = 0; j < n; j++) {
      long t = table + 12 * j;
      float w = Vectors.get(t + 8);
      float v =
          (1 - w) * Vectors.get(x + 4L * Vectors.getInt(t))
              + w * Vectors.get(x + 4L * Vectors.getInt(t + 4));
      Vectors.set(y + 4 * j, add ? v + Vectors.get(y + 4 * j) : v);
    }
  }

  private static void unmix(long gx, long gy, long table, long n) {
    for (long j = 0; j < n; j++) {
      long t = table + 12 * j;
      float w = Vectors.get(t + 8);
      float g = Vectors.get(gy + 4 * j);
      long first = gx + 4L * Vectors.getInt(t);
      long second = gx + 4L * Vectors.getInt(t + 4);
      Vectors.set(first, Vectors.get(first) + (1 - w) * g);
      Vectors.set(second, Vectors.get(second) + w * g);
    }
  }
}
