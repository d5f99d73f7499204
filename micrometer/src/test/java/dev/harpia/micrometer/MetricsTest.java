package dev.harpia.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.harpia.nn.Linear;
import dev.harpia.nn.plan.BackPressure;
import dev.harpia.nn.plan.MicroBatcher;
import dev.harpia.nn.plan.Plan;
import dev.harpia.nn.plan.PoolBusyException;
import dev.harpia.nn.plan.WorkspacePool;
import dev.harpia.tensor.Budget;
import dev.harpia.tensor.Shape;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private final MeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void a_pools_figures_are_in_the_registry() {
    try (WorkspacePool pool =
        Plan.compile(new Linear(3, 2), Shape.of(1, 3)).pool(1, BackPressure.rejecting())) {
      new PoolMetrics(pool, "linear").bindTo(registry);
      try (var lease = pool.borrow()) {
        lease.run();
        assertThat(gauge("harpia.pool.in.use")).isEqualTo(1);
        assertThatThrownBy(pool::borrow).isInstanceOf(PoolBusyException.class);
      }
      assertThat(gauge("harpia.pool.in.use")).isZero();
      assertThat(gauge("harpia.pool.size")).isEqualTo(1);
      assertThat(gauge("harpia.pool.waiting")).isZero();
      assertThat(count("harpia.pool.borrowed")).isEqualTo(1);
      assertThat(count("harpia.pool.refused")).isEqualTo(1);
      assertThat(count("harpia.pool.waited")).isPositive();
    }
  }

  @Test
  void a_batchers_figures_are_in_the_registry() {
    try (MicroBatcher batcher = MicroBatcher.of(new Linear(3, 2), Shape.of(3), 4, Duration.ZERO)) {
      new BatchMetrics(batcher, "linear").bindTo(registry);
      batcher.run(new float[3], new float[2]);
      assertThat(count("harpia.batch.requests")).isEqualTo(1);
      assertThat(count("harpia.batch.batches")).isEqualTo(1);
    }
  }

  @Test
  void memory_is_in_the_registry() {
    new MemoryMetrics().bindTo(registry);
    assertThat(registry.get("harpia.memory.used").gauge().value()).isBetween(0.0, 1e12);
    assertThat(registry.get("harpia.memory.limit").gauge().value()).isEqualTo(Budget.limitBytes());
  }

  private double gauge(String name) {
    return registry.get(name).tag("plan", "linear").gauge().value();
  }

  private double count(String name) {
    return registry.get(name).tag("plan", "linear").functionCounter().count();
  }
}
