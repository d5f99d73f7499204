package dev.harpia.nn.plan;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * Runs a plan until its kernels are compiled. One sees that by what they allocate: interpreted
 * vector code makes objects, compiled code makes none.
 */
final class Warmup {
  /** After this the first compiler's code has mostly been replaced, too. */
  private static final long LEAST = 1_000_000_000L;

  private static final long WINDOW = 100_000_000L;
  private static final int RUNS = 20;

  private Warmup() {}

  /** Whether two windows in a row allocated nothing, before the time was up. */
  static boolean run(Plan.Workspace w, Duration most) {
    ThreadMXBean bean =
        ManagementFactory.getThreadMXBean() instanceof ThreadMXBean b
                && b.isThreadAllocatedMemorySupported()
            ? b
            : null;
    long start = System.nanoTime();
    int quiet = 0;
    while (true) {
      long bytes = bean == null ? 0 : bean.getCurrentThreadAllocatedBytes();
      long window = System.nanoTime();
      int runs = 0;
      while (runs < RUNS || System.nanoTime() - window < WINDOW) {
        w.run();
        runs++;
        if (System.nanoTime() - start > most.toNanos()) {
          return false;
        }
      }
      boolean none = bean == null || bean.getCurrentThreadAllocatedBytes() == bytes;
      quiet = none ? quiet + 1 : 0;
      if (quiet >= 2 && System.nanoTime() - start > LEAST) {
        return true;
      }
    }
  }
}
