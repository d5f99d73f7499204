package dev.harpia.simd;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** In a steady state recurrent and attention passes allocate nothing on the heap. */
class SequenceAllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final long LONGEST_WARM_UP_NANOS = 60_000_000_000L;
  private static final int CALLS = 1000;

  static java.util.List<SequenceCases.Case> cases() {
    return SequenceCases.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  @Timeout(120)
  void allocatesNothing(SequenceCases.Case c) {
    assertThat(Parallel.limit(1, () -> steady(c.call()))).as(c.name()).isZero();
  }

  /** Bytes per window of calls, at the first two windows in a row without any, or at the last. */
  private static long steady(Runnable call) {
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
