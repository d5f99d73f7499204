package dev.harpia.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Memory has one owner and a bounded life; every misuse is an exception. */
class LifetimeTest {
  private static Tensor closed() {
    try (var _ = Scope.open("request")) {
      return Tensor.of(1f, 2f, 3f).mul(2);
    }
  }

  static Stream<Consumer<Tensor>> uses() {
    return Stream.of(
        Tensor::toArray,
        t -> t.get(0),
        Tensor::segment,
        Tensor::address,
        Tensor::copy,
        Tensor::detach,
        Tensor::sum,
        t -> t.reshape(3, 1),
        t -> t.add(Tensor.of(1f, 2f, 3f)),
        t -> Tensor.of(1f, 2f, 3f).add(t),
        t -> t.set(1, 0),
        t -> t.copyFrom(new float[3]),
        t -> Tensor.of(1f, 2f, 3f).copyFrom(t),
        t -> Gradients.of(t, t));
  }

  @ParameterizedTest
  @MethodSource("uses")
  void a_tensor_of_a_closed_scope_is_refused(Consumer<Tensor> use) {
    assertThatThrownBy(() -> use.accept(closed()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("scope \"request\" is closed");
  }

  @Test
  void the_message_names_the_line_that_opened_the_scope() {
    assertThatThrownBy(() -> closed().sum()).hasMessageContaining("LifetimeTest.java:");
  }

  @Test
  void what_is_kept_outlives_its_scope() {
    Tensor kept;
    try (var scope = Scope.open()) {
      kept = scope.keep(Tensor.of(1f, 2f, 3f).mul(2));
    }
    assertThat(kept.toArray()).containsExactly(2, 4, 6);
  }

  @Test
  void scopes_nest_and_memory_comes_back() {
    try (var _ = Scope.open()) {
      Tensor outer = Tensor.of(1f, 2f, 3f);
      long inner;
      try (var _ = Scope.open()) {
        inner = Tensor.zeros(1000).address();
      }
      try (var _ = Scope.open()) {
        assertThat(Tensor.zeros(1000).address()).isEqualTo(inner);
      }
      assertThat(outer.toArray()).containsExactly(1, 2, 3);
    }
  }

  @Test
  void closing_before_an_inner_scope_is_refused() {
    Scope outer = Scope.open();
    Scope inner = Scope.open();
    assertThatThrownBy(outer::close)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("scopes nest like brackets");
    inner.close();
    outer.close();
    outer.close();
  }

  @Test
  void closing_from_another_thread_is_refused() throws InterruptedException {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    try (var scope = Scope.open()) {
      AutoCloseable other = scope;
      Thread t = Thread.ofVirtual().start(() -> thrown.set(failure(other)));
      t.join();
    }
    assertThat(thrown.get()).hasMessageContaining("a scope belongs to one thread");
  }

  private static Throwable failure(AutoCloseable resource) {
    return org.assertj.core.api.Assertions.catchThrowable(resource::close);
  }

  @Test
  void virtual_threads_open_scopes_of_their_own() throws InterruptedException {
    Thread[] threads = new Thread[200];
    float[] sums = new float[threads.length];
    for (int i = 0; i < threads.length; i++) {
      int n = i;
      threads[i] =
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int k = 0; k < 20; k++) {
                      try (var _ = Scope.open()) {
                        sums[n] = Tensor.full(n, 100).add(1f).sum().item();
                        Thread.yield();
                      }
                    }
                  });
    }
    for (int i = 0; i < threads.length; i++) {
      threads[i].join();
      assertThat(sums[i]).isEqualTo(100f * (i + 1));
    }
  }

  @Test
  void a_tensor_without_a_scope_is_collected() {
    long before = Budget.used();
    for (int i = 0; i < 200; i++) {
      Tensor.zeros(1 << 20).add(1f);
    }
    // 1.6 GiB have been allocated; reaching the limit collects, and nothing here refers to the
    // tensors
    assertThat(Budget.used()).isLessThanOrEqualTo(Budget.limitBytes());
    assertThat(before).isLessThanOrEqualTo(Budget.limitBytes());
  }

  @Test
  void a_graph_is_stale_after_its_parameter_changed() {
    Tensor w = Tensor.of(1f, 2f).copy();
    Tensor loss = w.square().sum();
    w.copyFrom(new float[] {3, 4});
    assertThatThrownBy(() -> Gradients.of(loss, w))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("changed in place after the forward pass");
  }

  @Test
  void an_inference_scope_records_nothing() {
    Tensor w = Tensor.of(1f, 2f).copy();
    try (var _ = Scope.inference()) {
      Tensor loss = w.square().sum();
      assertThat(loss.node()).isNull();
      assertThatThrownBy(() -> Gradients.of(loss, w)).hasMessageContaining("Scope.inference()");
    }
  }
}
