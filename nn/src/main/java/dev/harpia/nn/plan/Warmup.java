package dev.harpia.nn.plan;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Runs a plan until its kernels are compiled. One sees that by what they allocate: interpreted
 * vector code makes objects, compiled code makes none.
 *
 * <p>A step that does little work in a plan that takes milliseconds would need thousands of runs:
 * after a while, those that still allocate are run apart, on memory of their own.
 */
final class Warmup {
  /** After this the first compiler's code has mostly been replaced, too. */
  private static final long LEAST = 1_000_000_000L;

  private static final long WINDOW = 100_000_000L;
  private static final int RUNS = 20;

  /** What a step gets for itself at a time. */
  private static final long STEP = 400_000_000L;

  private static final int STEP_RUNS = 256;

  private final Plan.Workspace w;
  private final Duration most;
  private final long start = System.nanoTime();
  private final @Nullable ThreadMXBean bean;

  private Warmup(Plan.Workspace w, Duration most) {
    this.w = w;
    this.most = most;
    bean =
        ManagementFactory.getThreadMXBean() instanceof ThreadMXBean b
                && b.isThreadAllocatedMemorySupported()
            ? b
            : null;
  }

  /** Whether two windows in a row allocated nothing, before the time was up. */
  static boolean run(Plan.Workspace w, Duration most) {
    return new Warmup(w, most).run();
  }

  private long allocated() {
    return bean == null ? 0 : bean.getCurrentThreadAllocatedBytes();
  }

  private boolean late() {
    return System.nanoTime() - start > most.toNanos();
  }

  private boolean run() {
    int quiet = 0;
    while (true) {
      long bytes = allocated();
      long window = System.nanoTime();
      int runs = 0;
      while (runs < RUNS || System.nanoTime() - window < WINDOW) {
        w.run();
        runs++;
        if (late()) {
          return false;
        }
      }
      boolean none = allocated() == bytes;
      quiet = none ? quiet + 1 : 0;
      boolean least = System.nanoTime() - start > LEAST;
      if (quiet >= 2 && least) {
        return true;
      }
      if (!none && least) {
        for (int i = 0; i < w.steps() && !late(); i++) {
          step(i);
        }
      }
    }
  }

  /** Runs a step that allocates until it does not, or its time is up. */
  private void step(int i) {
    long before = allocated();
    w.step(i);
    if (allocated() == before) {
      return;
    }
    Runnable alone = w.alone(i);
    long from = System.nanoTime();
    int quiet = 0;
    while (quiet < 2 && System.nanoTime() - from < STEP && !late()) {
      long bytes = allocated();
      for (int k = 0; k < STEP_RUNS && System.nanoTime() - from < STEP; k++) {
        alone.run();
      }
      quiet = allocated() == bytes ? quiet + 1 : 0;
    }
  }
}
