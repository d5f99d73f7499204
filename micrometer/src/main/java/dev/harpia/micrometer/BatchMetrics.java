package dev.harpia.micrometer;

import dev.harpia.nn.plan.MicroBatcher;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Figures of a micro-batcher, tagged {@code plan}: counters {@code harpia.batch.requests} and
 * {@code harpia.batch.batches}, whose quotient is the mean size of a batch.
 */
public final class BatchMetrics implements MeterBinder {
  private final MicroBatcher batcher;
  private final String plan;

  /** Figures of {@code batcher} under a name for its plan. */
  public BatchMetrics(MicroBatcher batcher, String plan) {
    this.batcher = batcher;
    this.plan = plan;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    FunctionCounter.builder("harpia.batch.requests", batcher, MicroBatcher::requests)
        .tag("plan", plan)
        .description("Requests in batches")
        .register(registry);
    FunctionCounter.builder("harpia.batch.batches", batcher, MicroBatcher::batches)
        .tag("plan", plan)
        .description("Batches run")
        .register(registry);
  }
}
