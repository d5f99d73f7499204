package dev.harpia.micrometer;

import dev.harpia.nn.plan.WorkspacePool;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Figures of a pool of workspaces, tagged {@code plan}: {@code harpia.pool.size}, {@code .in.use},
 * {@code .waiting}, and counters {@code .borrowed}, {@code .refused}, {@code .waited} (seconds).
 */
public final class PoolMetrics implements MeterBinder {
  private final WorkspacePool pool;
  private final String plan;

  /** Figures of {@code pool} under a name for its plan. */
  public PoolMetrics(WorkspacePool pool, String plan) {
    this.pool = pool;
    this.plan = plan;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("harpia.pool.size", pool, WorkspacePool::size)
        .tag("plan", plan)
        .description("Workspaces at most")
        .register(registry);
    Gauge.builder("harpia.pool.in.use", pool, WorkspacePool::inUse)
        .tag("plan", plan)
        .description("Workspaces lent")
        .register(registry);
    Gauge.builder("harpia.pool.waiting", pool, WorkspacePool::waiting)
        .tag("plan", plan)
        .description("Callers that wait for a workspace")
        .register(registry);
    FunctionCounter.builder("harpia.pool.borrowed", pool, WorkspacePool::borrowed)
        .tag("plan", plan)
        .description("How often a workspace was lent")
        .register(registry);
    FunctionCounter.builder("harpia.pool.refused", pool, WorkspacePool::refused)
        .tag("plan", plan)
        .description("Callers refused")
        .register(registry);
    FunctionCounter.builder("harpia.pool.waited", pool, p -> p.waited().toNanos() / 1e9)
        .tag("plan", plan)
        .baseUnit("seconds")
        .description("How long callers have waited, together")
        .register(registry);
  }
}
