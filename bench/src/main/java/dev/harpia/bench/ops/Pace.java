package dev.harpia.bench.ops;

import dev.harpia.bench.Settling;

/** Timing of short calls: several make one sample, so that the clock's own cost does not show. */
public final class Pace {
  private static final double SAMPLE_NANOS = 50_000;
  private static final int MOST = 100_000;
  private static final double USUAL_BYTES = 512;

  private Pace() {}

  /** Warms up for this long, or until the code is compiled; how many calls make a sample. */
  public static int calls(Runnable body, double seconds) {
    Settling warm = new Settling(seconds, USUAL_BYTES);
    int calls = 1;
    double nanos;
    long bytes;
    do {
      bytes = Settling.allocatedBytes();
      nanos = time(body, calls);
      bytes = (Settling.allocatedBytes() - bytes) / calls;
      calls = (int) Math.clamp(Math.ceil(SAMPLE_NANOS / Math.max(1, nanos)), 1, MOST);
    } while (warm.goOn(nanos, bytes));
    return calls;
  }

  /** Nanoseconds of one call, over {@code calls} of them. */
  public static double time(Runnable body, int calls) {
    long start = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      body.run();
    }
    return (System.nanoTime() - start) / (double) calls;
  }
}
