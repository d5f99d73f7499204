package dev.harpia.bench.suite;

import com.sun.management.ThreadMXBean;
import dev.harpia.bench.Samples;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/** Runs a call over and over, and keeps how long each took. */
final class Meter {
  private static final int PATIENCE = 20;

  private final Call call;
  private final Samples all = new Samples();
  private final @Nullable ThreadMXBean threads =
      ManagementFactory.getThreadMXBean() instanceof ThreadMXBean b ? b : null;
  private long allocated;

  Meter(Call call) {
    this.call = call;
  }

  /** Runs for this long, at least {@code least} times; the calls' times in nanoseconds. */
  Samples round(double seconds, int least) throws Exception {
    Samples round = new Samples();
    long before = allocatedBytes();
    long end = System.nanoTime() + (long) (1e9 * seconds);
    long now;
    do {
      long start = System.nanoTime();
      call.run();
      now = System.nanoTime();
      round.add(now - start);
    } while (now < end || round.count() < least);
    allocated = (allocatedBytes() - before) / round.count();
    all.addAll(round);
    return round;
  }

  /**
   * Runs without keeping times, for this long after the last call that was clearly faster than all
   * before: the compiler may be late, and a first step can take a hundred times as long as the
   * tenth.
   */
  void warm(double seconds) throws Exception {
    long span = (long) (1e9 * seconds);
    long begin = System.nanoTime();
    long quiet = begin + span;
    long best = Long.MAX_VALUE;
    long now;
    do {
      long start = System.nanoTime();
      call.run();
      now = System.nanoTime();
      if (now - start < 0.9 * best) {
        quiet = now + span;
      }
      best = Math.min(best, now - start);
    } while (now < quiet && now - begin < PATIENCE * span);
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

  private long allocatedBytes() {
    return threads == null ? 0 : threads.getCurrentThreadAllocatedBytes();
  }
}
