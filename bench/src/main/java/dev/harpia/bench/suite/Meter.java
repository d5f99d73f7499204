package dev.harpia.bench.suite;

import dev.harpia.bench.Samples;
import dev.harpia.bench.Settling;

/** Runs a call over and over, and keeps how long each took. */
final class Meter {
  private final Call call;
  private final Samples all = new Samples();
  private long allocated;

  Meter(Call call) {
    this.call = call;
  }

  /** Runs for this long, at least {@code least} times; the calls' times in nanoseconds. */
  Samples round(double seconds, int least) throws Exception {
    Samples round = new Samples();
    long before = Settling.allocatedBytes();
    long end = System.nanoTime() + (long) (1e9 * seconds);
    long now;
    do {
      long start = System.nanoTime();
      call.run();
      now = System.nanoTime();
      round.add(now - start);
    } while (now < end || round.count() < least);
    allocated = (Settling.allocatedBytes() - before) / round.count();
    all.addAll(round);
    return round;
  }

  /** Runs without keeping times, for this long or until the code is compiled. */
  void warm(double seconds, double usualBytes) throws Exception {
    Settling warm = new Settling(seconds, usualBytes);
    long start;
    long before;
    do {
      before = Settling.allocatedBytes();
      start = System.nanoTime();
      call.run();
    } while (warm.goOn(System.nanoTime() - start, Settling.allocatedBytes() - before));
  }

  /** Of all rounds. */
  Samples all() {
    return all;
  }

  /**
   * Heap bytes that a call of the last round allocated on its own thread; the times that are kept
   * count for a few bytes of it.
   */
  long bytesPerCall() {
    return allocated;
  }
}
