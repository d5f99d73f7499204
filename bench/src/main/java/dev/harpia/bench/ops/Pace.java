package dev.harpia.bench.ops;

/** Timing of short calls: several make one sample, so that the clock's own cost does not show. */
final class Pace {
  private static final double SAMPLE_NANOS = 50_000;
  private static final int MOST = 100_000;
  private static final int PATIENCE = 4;

  private Pace() {}

  /**
   * Warms up for this long, and longer (to {@link #PATIENCE} times that) while calls still get
   * faster, as they do where the compiler is late; says how many calls a sample should have.
   */
  static int calls(Runnable body, double seconds) {
    long span = (long) (1e9 * seconds);
    long start = System.nanoTime();
    long quiet = start + span;
    double best = Double.MAX_VALUE;
    int calls = 1;
    long now;
    do {
      double nanos = time(body, calls);
      now = System.nanoTime();
      if (nanos < 0.9 * best) {
        quiet = now + span;
      }
      best = Math.min(best, nanos);
      calls = (int) Math.clamp(Math.ceil(SAMPLE_NANOS / Math.max(1, best)), 1, MOST);
    } while (now < quiet && now - start < PATIENCE * span);
    return calls;
  }

  /** Nanoseconds of one call, over {@code calls} of them. */
  static double time(Runnable body, int calls) {
    long start = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      body.run();
    }
    return (System.nanoTime() - start) / (double) calls;
  }
}
