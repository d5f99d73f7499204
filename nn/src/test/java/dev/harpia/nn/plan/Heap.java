package dev.harpia.nn.plan;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What the calling thread allocates on the Java heap. */
final class Heap {
  private static final long LONGEST_WARM_UP_NANOS = 60_000_000_000L;
  private static final int CALLS = 1000;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Heap() {}

  /** Bytes of 1000 calls, at the first two windows in a row without any, or at the last. */
  static long steady(Runnable call) {
    long id = Thread.currentThread().threadId();
    long last = -1;
    long start = System.nanoTime();
    while (System.nanoTime() - start < LONGEST_WARM_UP_NANOS) {
      long before = THREADS.getThreadAllocatedBytes(id);
      for (int i = 0; i < CALLS; i++) {
        call.run();
      }
      long bytes = THREADS.getThreadAllocatedBytes(id) - before;
      if (bytes == 0 && last == 0) {
        return 0;
      }
      last = bytes;
    }
    return last;
  }
}
