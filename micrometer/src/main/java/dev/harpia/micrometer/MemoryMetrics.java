package dev.harpia.micrometer;

import dev.harpia.tensor.Budget;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;

/** Memory that tensors hold outside the heap, and its limit: {@code harpia.memory.used, .limit}. */
public final class MemoryMetrics implements MeterBinder {
  /** Figures of this JVM. */
  public MemoryMetrics() {}

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("harpia.memory.used", Budget::used)
        .baseUnit(BaseUnits.BYTES)
        .description("Memory of tensors outside the heap")
        .register(registry);
    Gauge.builder("harpia.memory.limit", Budget::limitBytes)
        .baseUnit(BaseUnits.BYTES)
        .description("How much it may be")
        .register(registry);
  }
}
