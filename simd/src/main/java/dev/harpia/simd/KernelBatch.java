package dev.harpia.simd;

import java.util.Arrays;

/**
 * Calls of kernels, each over operands of its own, that are done in one parallel region: many small
 * ones share a piece, a large one falls into several. The caller has checked bounds and liveness,
 * and keeps the operands reachable until {@link #run} has returned.
 *
 * <p>Calls must not depend on each other, except that {@link #then} runs over each element after
 * the call before it. A batch is reused: in steady state it allocates nothing. Not thread-safe.
 */
public final class KernelBatch implements Parallel.Task {
  /** Elements of one piece, and what the length of a stretch is rounded up to. */
  private static final long GRAIN = 16384;

  private static final long ROUND = 64;

  private static final class Call {
    final Arguments arguments = new Arguments();
    Kernel kernel = KernelCompiler.COPY;
    long n;
    boolean padded;
    boolean chained;
  }

  private Call[] calls = new Call[0];
  private int count;

  // stretches: a part of one call and of those chained to it
  private int[] call = new int[16];
  private long[] from = new long[16];
  private long[] length = new long[16];
  private int stretches;

  /** The first stretch of each piece, and after the last piece the number of stretches. */
  private int[] first = new int[16];

  /**
   * Adds a call over n elements; see {@link Elementwise#run} for its arguments.
   *
   * @param addresses the kernel's; copied
   * @param parameters the kernel's; copied
   */
  public void add(Kernel k, long n, boolean padded, long[] addresses, float[] parameters) {
    call(k, n, padded, addresses, parameters).chained = false;
  }

  /** Adds a call over the same elements as the last one's, after it. */
  public void then(Kernel k, boolean padded, long[] addresses, float[] parameters) {
    if (count == 0) {
      throw new IllegalStateException(k.name() + ": then: no call before it");
    }
    call(k, calls[count - 1].n, padded, addresses, parameters).chained = true;
  }

  private Call call(Kernel k, long n, boolean padded, long[] a, float[] p) {
    if (count == calls.length) {
      calls = Arrays.copyOf(calls, 2 * count + 8);
      for (int i = count; i < calls.length; i++) {
        calls[i] = new Call();
      }
    }
    Call c = calls[count++];
    c.kernel = k;
    c.n = n;
    c.padded = padded;
    c.arguments.addresses(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7]);
    c.arguments.parameters(p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7]);
    return c;
  }

  /** Does all calls; the batch is empty afterwards. */
  public void run() {
    int pieces = split();
    try {
      Parallel.run(pieces, this);
    } finally {
      count = 0;
    }
  }

  /** Cuts the calls into stretches and the stretches into pieces, by sizes alone. */
  private int split() {
    stretches = 0;
    int pieces = 0;
    long room = 0;
    for (int i = 0; i < count; i++) {
      Call c = calls[i];
      for (long at = 0; !c.chained && at < c.n; ) {
        if (room <= 0) {
          first = room(first, pieces);
          first[pieces++] = stretches;
          room = GRAIN;
        }
        long size = Math.min(c.n - at, (room + ROUND - 1) / ROUND * ROUND);
        stretch(i, at, size);
        at += size;
        room -= size;
      }
    }
    first = room(first, pieces);
    first[pieces] = stretches;
    return pieces;
  }

  private void stretch(int number, long start, long size) {
    call = room(call, stretches);
    from = room(from, stretches);
    length = room(length, stretches);
    call[stretches] = number;
    from[stretches] = start;
    length[stretches++] = size;
  }

  private static int[] room(int[] a, int index) {
    return index < a.length ? a : Arrays.copyOf(a, 2 * index);
  }

  private static long[] room(long[] a, int index) {
    return index < a.length ? a : Arrays.copyOf(a, 2 * index);
  }

  @Override
  public void run(int piece) {
    Span span = Span.take();
    for (int s = first[piece]; s < first[piece + 1]; s++) {
      int i = call[s];
      do {
        Call c = calls[i++];
        span.move(c.arguments, c.kernel, from[s]);
        span.run(c.kernel, c.arguments, from[s], length[s], c.padded);
      } while (i < count && calls[i].chained);
    }
    span.give();
  }
}
