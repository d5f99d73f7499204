package dev.harpia.bench.serving;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Clients that ask again as soon as they are answered, each on a virtual thread. */
final class Load {
  /** Answers a request: from an array to an array. */
  @FunctionalInterface
  interface Service {
    void run(float[] input, float[] output);
  }

  private Load() {}

  /** Answers per second. */
  static double rate(Service service, int clients, int in, int out, double seconds)
      throws InterruptedException {
    LongAdder answers = new LongAdder();
    CountDownLatch go = new CountDownLatch(1);
    AtomicLong end = new AtomicLong();
    List<Thread> threads = new ArrayList<>();
    for (int c = 0; c < clients; c++) {
      threads.add(
          Thread.startVirtualThread(
              () -> {
                float[] x = new float[in];
                float[] y = new float[out];
                try {
                  go.await();
                } catch (InterruptedException e) {
                  return;
                }
                long n = 0;
                while (System.nanoTime() < end.get()) {
                  service.run(x, y);
                  n++;
                  Thread.yield(); // where a client would wait for the next request
                }
                answers.add(n);
              }));
    }
    long start = System.nanoTime();
    end.set(start + (long) (1e9 * seconds));
    go.countDown();
    for (Thread t : threads) {
      t.join();
    }
    return 1e9 * answers.sum() / (System.nanoTime() - start);
  }
}
