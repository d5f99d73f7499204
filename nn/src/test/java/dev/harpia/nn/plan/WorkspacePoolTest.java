package dev.harpia.nn.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.harpia.nn.Activation;
import dev.harpia.nn.Linear;
import dev.harpia.nn.Sequential;
import dev.harpia.tensor.Budget;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkspacePoolTest {
  private static final int WIDTH = 24;
  private static final int CLASSES = 5;
  private static final int SAMPLES = 32;

  private final Sequential model =
      new Sequential(new Linear(WIDTH, 40), Activation.tanh(), new Linear(40, CLASSES));
  private final Plan plan = Plan.compile(model, Shape.of(1, WIDTH));
  private final float[][] inputs = new float[SAMPLES][];
  private final float[][] expected = new float[SAMPLES][CLASSES];

  WorkspacePoolTest() {
    Plan.Workspace w = plan.newWorkspace();
    for (int i = 0; i < SAMPLES; i++) {
      inputs[i] = Tensor.normal(new Rng(i), 0, 1, Shape.of(WIDTH)).toArray();
      w.input().copyFrom(inputs[i]);
      w.run();
      w.output().copyTo(expected[i]);
    }
  }

  /** Starts all threads, lets them go at once, and returns how many answers had other bits. */
  private int wrongAnswers(WorkspacePool pool, ThreadFactory factory, int threads, int calls)
      throws InterruptedException {
    AtomicInteger wrong = new AtomicInteger();
    AtomicInteger answers = new AtomicInteger();
    CountDownLatch go = new CountDownLatch(1);
    List<Thread> all = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int first = t;
      Thread thread =
          factory.newThread(
              () -> {
                float[] scores = new float[CLASSES];
                awaitQuietly(go);
                for (int i = 0; i < calls; i++) {
                  int sample = (first + i) % SAMPLES;
                  pool.run(inputs[sample], scores);
                  answers.incrementAndGet();
                  if (!Arrays.equals(scores, expected[sample])) {
                    wrong.incrementAndGet();
                  }
                }
              });
      thread.start();
      all.add(thread);
    }
    go.countDown();
    for (Thread thread : all) {
      thread.join();
    }
    assertThat(answers).hasValue(threads * calls);
    return wrong.get();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void a_thousand_platform_threads_get_the_bits_of_one() throws InterruptedException {
    try (WorkspacePool pool = plan.pool(4)) {
      assertThat(wrongAnswers(pool, Thread.ofPlatform().daemon().factory(), 1000, 20)).isZero();
      assertThat(pool.borrowed()).isEqualTo(20_000);
      assertThat(pool.inUse()).isZero();
    }
  }

  @Test
  void ten_thousand_virtual_threads_get_the_bits_of_one() throws InterruptedException {
    try (WorkspacePool pool = plan.pool(4)) {
      assertThat(wrongAnswers(pool, Thread.ofVirtual().factory(), 10_000, 4)).isZero();
      assertThat(pool.borrowed()).isEqualTo(40_000);
      assertThat(pool.waiting()).isZero();
    }
  }

  @Test
  void memory_is_bounded_by_the_size() throws InterruptedException {
    Plan wide = Plan.compile(new Linear(1 << 18, 2), Shape.of(1, 1 << 18)); // 1 MiB of input
    long before = Budget.used();
    try (WorkspacePool pool = wide.pool(3)) {
      float[] x = new float[1 << 18];
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 100; t++) {
        threads.add(Thread.startVirtualThread(() -> pool.run(x, new float[2])));
      }
      for (Thread t : threads) {
        t.join();
      }
      assertThat(pool.made()).isBetween(1, 3);
      assertThat(Budget.used() - before).isLessThan(3 * (1 << 20) + (1 << 19));
    }
  }

  @Test
  void the_workspace_given_back_last_is_lent_first() {
    try (WorkspacePool pool = plan.pool(8)) {
      for (int i = 0; i < 10; i++) {
        pool.run(inputs[0], new float[CLASSES]);
      }
      assertThat(pool.made()).isEqualTo(1);
    }
  }

  @Test
  void who_may_not_wait_is_refused_with_the_figures() {
    try (WorkspacePool pool = plan.pool(1, BackPressure.rejecting());
        var lease = pool.borrow()) {
      assertThat(pool.inUse()).isEqualTo(1);
      lease.run();
      assertThatThrownBy(pool::borrow)
          .isInstanceOf(PoolBusyException.class)
          .hasMessageContaining("all 1 workspaces are in use")
          .hasMessageContaining("back-pressure: rejecting")
          .hasMessageContaining("make the pool larger");
      assertThat(pool.refused()).isEqualTo(1);
    }
  }

  @Test
  void patience_ends() {
    try (WorkspacePool pool = plan.pool(1, BackPressure.waiting(Duration.ofMillis(20)));
        var lease = pool.borrow()) {
      lease.run();
      assertThatThrownBy(pool::borrow)
          .isInstanceOf(PoolBusyException.class)
          .hasMessageContaining("waiting for 20 ms");
      assertThat(pool.waited()).isGreaterThanOrEqualTo(Duration.ofMillis(20));
      assertThat(pool.waiting()).isZero();
    }
  }

  @Test
  void the_queue_is_bounded() throws InterruptedException {
    try (WorkspacePool pool = plan.pool(1, BackPressure.waiting().queue(1))) {
      Thread waiter;
      try (var lease = pool.borrow()) {
        lease.run();
        waiter = Thread.startVirtualThread(() -> pool.run(inputs[0], new float[CLASSES]));
        while (pool.waiting() == 0) {
          Thread.onSpinWait();
        }
        assertThatThrownBy(pool::borrow)
            .isInstanceOf(PoolBusyException.class)
            .hasMessageContaining("1 other callers wait")
            .hasMessageContaining("at most 1");
      }
      waiter.join();
      assertThat(pool.borrowed()).isEqualTo(2);
    }
  }

  @Test
  void a_closed_lease_cannot_be_used() {
    try (WorkspacePool pool = plan.pool(1)) {
      WorkspacePool.Lease lease = pool.borrow();
      lease.close();
      lease.close();
      assertThat(pool.inUse()).isZero();
      assertThatThrownBy(lease::run)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("lease: used after it was closed");
      assertThatThrownBy(lease::input).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void a_lease_belongs_to_its_thread() throws InterruptedException {
    try (WorkspacePool pool = plan.pool(1);
        var lease = pool.borrow()) {
      lease.run();
      assertThat(thrownBy(lease::output)).hasMessageContaining("another thread");
      assertThat(thrownBy(lease::close)).isInstanceOf(IllegalStateException.class);
      assertThat(pool.inUse()).isEqualTo(1);
    }
  }

  private static Throwable thrownBy(Runnable body) throws InterruptedException {
    AtomicReference<Throwable> thrown = new AtomicReference<>(new AssertionError("nothing thrown"));
    Thread.ofPlatform()
        .start(
            () -> {
              try {
                body.run();
              } catch (RuntimeException e) {
                thrown.set(e);
              }
            })
        .join();
    return thrown.get();
  }

  @Test
  void a_closed_pool_lends_nothing_and_wakes_who_waits() throws InterruptedException {
    WorkspacePool pool = plan.pool(1);
    AtomicReference<Throwable> seen = new AtomicReference<>(new AssertionError("nothing thrown"));
    Thread waiter;
    try (var lease = pool.borrow()) {
      waiter =
          Thread.startVirtualThread(
              () -> {
                try {
                  pool.borrow();
                } catch (IllegalStateException e) {
                  seen.set(e);
                }
              });
      while (pool.waiting() == 0) {
        Thread.onSpinWait();
      }
      pool.close();
      waiter.join();
      lease.run(); // what is out stays valid
      assertThat(pool.awaitReturns(Duration.ofMillis(1))).isFalse();
    }
    assertThat(seen.get()).hasMessageContaining("pool: closed");
    assertThatThrownBy(pool::borrow)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("pool: closed")
        .hasMessageContaining("plan.pool");
    assertThat(pool.awaitReturns(Duration.ofSeconds(10))).isTrue();
    assertThat(pool.isClosed()).isTrue();
  }

  @Test
  void closing_waits_for_leases_in_other_threads() throws InterruptedException {
    WorkspacePool pool = plan.pool(2);
    CountDownLatch borrowed = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Thread worker =
        Thread.startVirtualThread(
            () -> {
              try (var lease = pool.borrow()) {
                borrowed.countDown();
                awaitQuietly(end);
                lease.run();
              }
            });
    borrowed.await();
    pool.close();
    assertThat(pool.awaitReturns(Duration.ofMillis(5))).isFalse();
    end.countDown();
    assertThat(pool.awaitReturns(Duration.ofSeconds(30))).isTrue();
    worker.join();
    assertThat(pool.inUse()).isZero();
  }

  @Test
  void an_interrupt_ends_the_wait() {
    try (WorkspacePool pool = plan.pool(1);
        var lease = pool.borrow()) {
      lease.run();
      Thread.currentThread().interrupt();
      assertThatThrownBy(pool::borrow)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("interrupted");
      assertThat(Thread.interrupted()).isTrue();
      assertThat(pool.waiting()).isZero();
    }
  }

  @Test
  void a_caller_that_need_not_wait_allocates_nothing() {
    float[] scores = new float[CLASSES];
    try (WorkspacePool pool = plan.pool(2)) {
      assertThat(Heap.steady(() -> pool.run(inputs[0], scores))).isZero();
    }
  }

  @Test
  void bounds_are_checked() {
    assertThatThrownBy(() -> plan.pool(0)).hasMessageContaining("size 0: must be from 1");
    assertThatThrownBy(() -> BackPressure.waiting(Duration.ofMillis(-1)))
        .hasMessageContaining("negative");
    assertThatThrownBy(() -> BackPressure.waiting().queue(-1)).hasMessageContaining("queue -1");
  }
}
