package dev.harpia.simd;

import static dev.harpia.simd.Vectors.ALL;
import static dev.harpia.simd.Vectors.BYTES;
import static dev.harpia.simd.Vectors.F;
import static dev.harpia.simd.Vectors.LE;

import jdk.incubator.vector.FloatVector;

/**
 * Local response normalisation of [N, C, S] over neighbouring channels, as AlexNet and PyTorch's
 * local_response_norm have it: y = x·d^−β with d = k + α/size·Σ x² over the channels c − ⌊size/2⌋ …
 * c + ⌊(size − 1)/2⌋ that exist.
 *
 * <p>β = 0.75 is computed by square roots; any other β by scalar powers.
 */
public final class LocalResponse {
  private static final long CHUNK = 1024;

  private static final Job.Body FORWARD =
      (job, from, to) -> {
        Scratch block = Scratch.acquire(16 * CHUNK);
        long t = block.address();
        for (long i = from; i < to; i++) {
          long o = start(job, i);
          long n = count(job, i);
          for (long c = 0; c < job.m; c++) {
            window(job, t, job.b + o, c, n);
            power(job, t, n);
            RowMaps.product(job.a + o + 4 * c * job.k, job.b + o + 4 * c * job.k, t, n, false);
          }
        }
        block.keep();
        block.release();
      };
  private static final Job.Body BACKWARD =
      (job, from, to) -> {
        Scratch block = Scratch.acquire(4 * CHUNK * (3 * job.m + 1));
        long sum = block.address();
        for (long i = from; i < to; i++) {
          backward(job, sum, start(job, i), count(job, i));
        }
        block.keep();
        block.release();
      };

  private LocalResponse() {}

  /** y = x·d^−β. */
  public static void forward(
      long y, long x, long n, long channels, long s, int size, float alpha, float beta, float k) {
    run(FORWARD, y, x, 0, n, channels, s, size, alpha, beta, k, false);
  }

  /**
   * gx_c = [gx_c +] gy_c·d_c^−β − 2αβ/size·x_c·Σ gy·x·d^(−β−1) over the channels whose window holds
   * c.
   */
  public static void backward(
      long gx,
      long gy,
      long x,
      long n,
      long channels,
      long s,
      int size,
      float alpha,
      float beta,
      float k,
      boolean add) {
    run(BACKWARD, gx, x, gy, n, channels, s, size, alpha, beta, k, add);
  }

  private static void run(
      Job.Body body,
      long a,
      long x,
      long gy,
      long n,
      long channels,
      long s,
      int size,
      float alpha,
      float beta,
      float k,
      boolean add) {
    Job job = Job.take();
    job.a = a;
    job.b = x;
    job.c = gy;
    job.m = channels;
    job.k = s;
    job.l = size;
    job.s = alpha / size;
    job.t = beta;
    job.d = Float.floatToRawIntBits(k);
    job.add = add;
    job.over(n * ((s + CHUNK - 1) / CHUNK), channels * Math.min(s, CHUNK) * (4 + size), body);
    job.free();
  }

  private static long start(Job job, long i) {
    long chunks = (job.k + CHUNK - 1) / CHUNK;
    return 4 * (i / chunks * job.m * job.k + i % chunks * CHUNK);
  }

  private static long count(Job job, long i) {
    long chunks = (job.k + CHUNK - 1) / CHUNK;
    return Math.min(CHUNK, job.k - i % chunks * CHUNK);
  }

  /** t [n] = d of channel c. */
  private static void window(Job job, long t, long x, long c, long n) {
    long first = Math.max(0, c - job.l / 2);
    long last = Math.min(job.m - 1, c + (job.l - 1) / 2);
    RowMaps.fill(t, n, 0, false);
    for (long i = first; i <= last; i++) {
      RowFolds.addSquares(t, x + 4 * i * job.k, n);
    }
    RowAffine.affine(t, t, n, 0, job.s, Float.intBitsToFloat((int) job.d), false);
  }

  /** t = t^−β, in scratch memory that is whole vectors long. */
  private static void power(Job job, long t, long n) {
    if (job.t == 0.75f) {
      roots(t, 4 * n);
    } else {
      powers(t, 4 * n, -job.t);
    }
  }

  private static void roots(long t, long bytes) {
    for (long o = 0; o < bytes; o += BYTES) {
      FloatVector root = FloatVector.fromMemorySegment(F, ALL, t + o, LE).sqrt();
      FloatVector.broadcast(F, 1).div(root.mul(root.sqrt())).intoMemorySegment(ALL, t + o, LE);
    }
  }

  /** By way of logarithms, because StrictMath.pow allocates. */
  private static void powers(long t, long bytes, double exponent) {
    for (long o = 0; o < bytes; o += 4) {
      Vectors.set(t + o, (float) StrictMath.exp(exponent * StrictMath.log(Vectors.get(t + o))));
    }
  }

  private static void backward(Job job, long sum, long o, long n) {
    long row = 4 * CHUNK;
    long factors = sum + row;
    long terms = factors + row * job.m;
    long inverse = terms + row * job.m;
    for (long c = 0; c < job.m; c++) {
      long at = o + 4 * c * job.k;
      window(job, inverse, job.b + o, c, n);
      RowMaps.copy(factors + c * row, inverse, n, false);
      power(job, factors + c * row, n);
      reciprocals(inverse, 4 * n);
      RowMaps.product(terms + c * row, job.b + at, factors + c * row, n, false);
      RowMaps.product(terms + c * row, terms + c * row, inverse, n, false);
      RowMaps.product(terms + c * row, terms + c * row, job.c + at, n, false);
    }
    for (long c = 0; c < job.m; c++) {
      long at = o + 4 * c * job.k;
      long first = Math.max(0, c - (job.l - 1) / 2);
      long last = Math.min(job.m - 1, c + job.l / 2);
      RowMaps.fill(sum, n, 0, false);
      for (long i = first; i <= last; i++) {
        RowFolds.add(sum, terms + i * row, n);
      }
      RowMaps.scaleBy(sum, sum, n, -2 * job.s * job.t, false);
      RowMaps.product(job.a + at, job.c + at, factors + c * row, n, job.add);
      RowMaps.product(job.a + at, job.b + at, sum, n, true);
    }
  }

  private static void reciprocals(long t, long bytes) {
    for (long o = 0; o < bytes; o += BYTES) {
      FloatVector.broadcast(F, 1)
          .div(FloatVector.fromMemorySegment(F, ALL, t + o, LE))
          .intoMemorySegment(ALL, t + o, LE);
    }
  }
}
