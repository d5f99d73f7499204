package dev.harpia.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ParallelTest {
  @Test
  void everyPieceRunsOnce() {
    for (int count = 0; count < 200; count++) {
      var runs = new AtomicIntegerArray(count);
      Parallel.run(count, runs::incrementAndGet);
      for (int i = 0; i < count; i++) {
        assertThat(runs.get(i)).isEqualTo(1);
      }
    }
  }

  /** Whether workers are asleep, being woken or awake. */
  @Test
  void everyPieceOfBriefWorkRunsOnce() {
    var runs = new AtomicIntegerArray(3);
    for (int round = 1; round <= 6000; round++) {
      if (round % 2000 == 0) {
        LockSupport.parkNanos(200_000);
      }
      Parallel.brief(3, runs::incrementAndGet);
      for (int i = 0; i < 3; i++) {
        assertThat(runs.get(i)).isEqualTo(round);
      }
    }
  }

  @Test
  void whatPiecesWroteIsVisibleAfterwards() {
    int[] plain = new int[64];
    for (int round = 1; round <= 20_000; round++) {
      int value = round;
      Parallel.run(plain.length, i -> plain[i] = value);
      for (int x : plain) {
        if (x != value) {
          assertThat(plain).containsOnly(value);
        }
      }
    }
  }

  @Test
  void regionsAfterAPauseWakeSleepingWorkers() {
    for (int round = 0; round < 50; round++) {
      LockSupport.parkNanos(1_000_000);
      var sum = new AtomicInteger();
      Parallel.run(10, sum::addAndGet);
      assertThat(sum.get()).isEqualTo(45);
    }
  }

  @Test
  void nestedRegionsRunOnTheThreadOfTheirPiece() {
    var runs = new AtomicIntegerArray(16 * 16);
    var strangers = new AtomicInteger();
    Parallel.run(
        16,
        i -> {
          Thread thread = Thread.currentThread();
          Parallel.run(
              16,
              j -> {
                runs.incrementAndGet(16 * i + j);
                if (Thread.currentThread() != thread) {
                  strangers.incrementAndGet();
                }
              });
        });
    for (int i = 0; i < runs.length(); i++) {
      assertThat(runs.get(i)).isEqualTo(1);
    }
    if (Parallel.threads() > 1) {
      assertThat(strangers.get()).isZero();
    }
  }

  @Test
  void aThousandCallersAtOnce() throws Exception {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      callers(executor::submit, 1000);
    }
    try (var executor = Executors.newFixedThreadPool(100)) {
      callers(executor::submit, 100);
    }
  }

  private interface Submit {
    Future<?> submit(Runnable body);
  }

  private static void callers(Submit executor, int count) throws Exception {
    var all = new ArrayList<Future<?>>();
    for (int t = 0; t < count; t++) {
      all.add(
          executor.submit(
              () -> {
                LockSupport.parkNanos(1);
                for (int round = 0; round < 20; round++) {
                  var sum = new AtomicInteger();
                  Parallel.run(13, sum::addAndGet);
                  assertThat(sum.get()).isEqualTo(78);
                }
              }));
    }
    for (Future<?> f : all) {
      f.get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void whatAPieceThrowsReachesTheCaller() {
    for (int bad = 0; bad < 30; bad++) {
      int index = bad;
      assertThatThrownBy(
              () ->
                  Parallel.run(
                      30,
                      i -> {
                        if (i == index) {
                          throw new IllegalArgumentException("piece " + i);
                        }
                      }))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("piece " + index);
    }
    var sum = new AtomicInteger();
    Parallel.run(4, sum::addAndGet);
    assertThat(sum.get()).isEqualTo(6);
  }

  @Test
  void errorsReachTheCallerToo() {
    assertThatThrownBy(
            () ->
                Parallel.run(
                    8,
                    i -> {
                      throw new StackOverflowError();
                    }))
        .isInstanceOf(StackOverflowError.class);
  }

  @Test
  void aLimitOfOneKeepsAllPiecesOnTheCaller() throws Exception {
    Runnable body =
        () -> {
          assertThat(Parallel.threads()).isEqualTo(1);
          var threads = ConcurrentHashMap.<Thread>newKeySet();
          Parallel.run(100, i -> threads.add(Thread.currentThread()));
          assertThat(threads).containsExactly(Thread.currentThread());
        };
    int before = Parallel.threads();
    Parallel.limit(1, body);
    assertThat(Parallel.threads()).isEqualTo(before);
    Thread.startVirtualThread(() -> Parallel.limit(1, body)).join();
    int result = Parallel.limit(1, () -> 42);
    assertThat(result).isEqualTo(42);
  }

  @Test
  void aLimitBelowOneIsRefused() {
    assertThatThrownBy(() -> Parallel.limit(0, () -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("limit: 0 threads: must be at least 1");
  }

  @Test
  void anInterruptedCallerStillWaitsAndStaysInterrupted() {
    Thread.currentThread().interrupt();
    var sum = new AtomicInteger();
    Parallel.run(
        4,
        i -> {
          long end = System.nanoTime() + 2_000_000;
          while (System.nanoTime() < end) {
            Thread.onSpinWait();
          }
          sum.incrementAndGet();
        });
    assertThat(Thread.interrupted()).isTrue();
    assertThat(sum.get()).isEqualTo(4);
  }
}
