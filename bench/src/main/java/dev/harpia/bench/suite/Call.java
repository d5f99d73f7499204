package dev.harpia.bench.suite;

/** A prepared workload: one call, step or generation each time. */
@FunctionalInterface
public interface Call {
  /** Does it once. */
  void run() throws Exception;
}
