package dev.harpia.nn.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.harpia.tensor.Tensor;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class LoaderAllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Two windows of 1000 batches without a byte, on the reader's and on the loader's thread. */
  @Test
  void batchesMakeNoGarbage() {
    int examples = 1_000_000;
    Dataset data = new TensorDataset(Tensor.zeros(examples, 3), Tensor.of(new int[examples]));
    DataLoader loader = DataLoader.of(data, 10).shuffle(1);
    long deadline = System.nanoTime() + 60_000_000_000L;
    int quiet = 0;
    long least = Long.MAX_VALUE;
    while (quiet < 2 && System.nanoTime() < deadline) {
      quiet = 0;
      long before = -1;
      int n = 0;
      Thread filler = Thread.currentThread();
      for (Batch b : loader) {
        n += b.size() > 0 ? 1 : 0;
        if (n == 1) {
          filler = thread();
        }
        if (n % 1000 == 0) {
          long now =
              THREADS.getCurrentThreadAllocatedBytes()
                  + THREADS.getThreadAllocatedBytes(filler.threadId());
          if (before >= 0) {
            least = Math.min(least, now - before);
            quiet = now == before ? quiet + 1 : 0;
          }
          before =
              THREADS.getCurrentThreadAllocatedBytes()
                  + THREADS.getThreadAllocatedBytes(filler.threadId());
          if (quiet == 2) {
            break;
          }
        }
      }
    }
    assertThat(quiet)
        .as("windows of 1000 batches without a byte; least bytes %d", least)
        .isEqualTo(2);
  }

  private static Thread thread() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t.getName().equals("harpia-loader"))
        .findFirst()
        .orElse(Thread.currentThread());
  }
}
