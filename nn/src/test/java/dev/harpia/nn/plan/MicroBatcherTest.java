package dev.harpia.nn.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.harpia.nn.Activation;
import dev.harpia.nn.Linear;
import dev.harpia.nn.Sequential;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MicroBatcherTest {
  private static final int WIDTH = 20;
  private static final int CLASSES = 3;
  private static final Duration LONG = Duration.ofHours(1);

  private final Sequential model =
      new Sequential(new Linear(WIDTH, 33), Activation.relu(), new Linear(33, CLASSES));

  private static float[] input(int seed) {
    return Tensor.normal(new Rng(seed), 0, 1, Shape.of(WIDTH)).toArray();
  }

  private float[] eager(float[] input) {
    return model.forward(Tensor.of(input, Shape.of(1, WIDTH))).toArray();
  }

  private static void inThreads(int threads, java.util.function.IntConsumer body)
      throws InterruptedException {
    AtomicInteger failures = new AtomicInteger();
    List<Thread> all = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int number = t;
      all.add(
          Thread.startVirtualThread(
              () -> {
                try {
                  body.accept(number);
                } catch (RuntimeException | AssertionError e) {
                  failures.incrementAndGet();
                }
              }));
    }
    for (Thread t : all) {
      t.join();
    }
    assertThat(failures).hasValue(0);
  }

  @Test
  void everyone_gets_their_own_answer() throws InterruptedException {
    try (MicroBatcher batcher = MicroBatcher.of(model, Shape.of(WIDTH), 16, Duration.ofMillis(1))) {
      inThreads(
          64,
          t -> {
            for (int i = 0; i < 50; i++) {
              float[] x = input(50 * t + i);
              float[] y = new float[CLASSES];
              batcher.run(x, y);
              assertThat(y).containsExactly(eager(x), within(1e-5f));
            }
          });
      assertThat(batcher.requests()).isEqualTo(3200);
      assertThat(batcher.batches()).isBetween(200L, 3199L);
    }
  }

  @Test
  void a_full_batch_waits_for_nobody() throws InterruptedException {
    try (MicroBatcher batcher = MicroBatcher.of(model, Shape.of(WIDTH), 8, LONG)) {
      inThreads(24, t -> batcher.run(input(t), new float[CLASSES]));
      assertThat(batcher.batches()).isEqualTo(3);
    }
  }

  @Test
  void a_lone_request_goes_when_its_time_is_up() {
    try (MicroBatcher batcher = MicroBatcher.of(model, Shape.of(WIDTH), 8, Duration.ofMillis(5))) {
      float[] y = new float[CLASSES];
      batcher.run(input(1), y);
      assertThat(y).containsExactly(eager(input(1)), within(1e-5f));
      assertThat(batcher.batches()).isEqualTo(1);
    }
  }

  @Test
  void an_interrupt_ends_the_wait_for_others_and_stays_set() {
    try (MicroBatcher batcher = MicroBatcher.of(model, Shape.of(WIDTH), 8, LONG)) {
      Thread.currentThread().interrupt();
      float[] y = new float[CLASSES];
      batcher.run(input(2), y);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(y).containsExactly(eager(input(2)), within(1e-5f));
    }
  }

  @Test
  void sizes_that_are_no_power_of_two_are_reached() throws InterruptedException {
    try (MicroBatcher batcher = MicroBatcher.of(model, Shape.of(WIDTH), 7, LONG)) {
      inThreads(
          7,
          t -> {
            float[] y = new float[CLASSES];
            batcher.run(input(t), y);
            assertThat(y).containsExactly(eager(input(t)), within(1e-5f));
          });
      assertThat(batcher.batches()).isEqualTo(1);
    }
  }

  @Test
  void a_failure_reaches_every_caller_and_the_next_batch_works() throws InterruptedException {
    FailingOp op = new FailingOp();
    try (MicroBatcher batcher =
        MicroBatcher.of(
            n ->
                Plan.compile(
                    in -> java.util.Map.of("y", Tensor.apply(op, in.values().iterator().next())),
                    Input.f32("x", n, 4)),
            LONG,
            2)) {
      op.fail.set(true);
      AtomicInteger told = new AtomicInteger();
      inThreads(
          2,
          t -> {
            assertThatThrownBy(() -> batcher.run(new float[4], new float[4]))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the batch failed")
                .hasRootCauseMessage("on purpose");
            told.incrementAndGet();
          });
      assertThat(told).hasValue(2);
      op.fail.set(false);
      inThreads(2, t -> batcher.run(new float[4], new float[4]));
      assertThat(batcher.batches()).isEqualTo(2);
    }
  }

  @Test
  void closing_answers_who_is_in_and_refuses_others() throws InterruptedException {
    MicroBatcher batcher = MicroBatcher.of(model, Shape.of(WIDTH), 8, Duration.ofMillis(50));
    float[] y = new float[CLASSES];
    Thread in = Thread.startVirtualThread(() -> batcher.run(input(3), y));
    while (batcher.requests() == 0) {
      Thread.onSpinWait();
    }
    batcher.close();
    in.join();
    assertThat(y).containsExactly(eager(input(3)), within(1e-5f));
    assertThatThrownBy(() -> batcher.run(input(3), y))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("batching: closed");
  }

  @Test
  void warming_up_ends_in_time_and_requests_go_on() {
    try (MicroBatcher batcher = MicroBatcher.of(model, Shape.of(WIDTH), 2, Duration.ZERO)) {
      assertThat(batcher.warmup(Duration.ofMillis(10))).isFalse(); // compiling takes a second
      float[] y = new float[CLASSES];
      batcher.run(input(4), y);
      assertThat(y).containsExactly(eager(input(4)), within(1e-5f));
    }
  }

  @Test
  void wrong_arguments_are_named() {
    try (MicroBatcher batcher = MicroBatcher.of(model, Shape.of(WIDTH), 2, Duration.ZERO)) {
      assertThatThrownBy(() -> batcher.run(new float[3], new float[CLASSES]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("arrays of 3 and 3: the model takes 20 numbers and gives 3");
    }
    assertThatThrownBy(() -> MicroBatcher.of(model, Shape.of(WIDTH), 0, Duration.ZERO))
        .hasMessageContaining("batches of 0");
    assertThatThrownBy(() -> MicroBatcher.of(model, Shape.of(WIDTH), 2, Duration.ofNanos(-1)))
        .hasMessageContaining("negative");
    assertThatThrownBy(
            () -> MicroBatcher.of(n -> Plan.compile(model, Shape.of(3, WIDTH)), Duration.ZERO, 2))
        .hasMessageContaining("must be F32 of 2 rows");
  }

  @Test
  void a_model_that_is_quicker_than_waking_a_thread_is_not_gathered() throws InterruptedException {
    try (MicroBatcher batcher = MicroBatcher.of(model, Shape.of(WIDTH), 8, Duration.ofMillis(1))) {
      float[] first = new float[CLASSES];
      for (int i = 0; i < 10_000 && !batcher.alone(); i++) {
        batcher.run(input(1), first);
      }
      assertThat(batcher.alone()).isTrue();
      long before = batcher.requests() - batcher.batches();
      inThreads(
          32,
          t -> {
            for (int i = 0; i < 50; i++) {
              float[] x = input(50 * t + i);
              float[] y = new float[CLASSES];
              batcher.run(x, y);
              assertThat(y).containsExactly(eager(x), within(1e-5f));
            }
          });
      assertThat(batcher.requests() - batcher.batches()).isEqualTo(before);
    }
  }
}
