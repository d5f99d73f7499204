package dev.harpia.bench.suite;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A library that runs workloads; found by {@link java.util.ServiceLoader}. */
public interface Engine {
  /** As the command line calls it. */
  String name();

  /** Name and version of the library, known once it is loaded. */
  String version() throws Exception;

  /** Prepares a workload; empty where the library has no way to do it. */
  Optional<Call> open(String workload, int threads) throws Exception;

  /** JVM options that the library's process needs; asked in the process that starts it. */
  default List<String> jvmOptions(int threads) throws IOException {
    return List.of();
  }

  /** Programs that print one MLP result in a fresh JVM; none where the library has none. */
  default List<StartProgram> starts(int threads) throws IOException {
    return List.of();
  }

  /** Whether the engine takes part in nothing but {@link #starts}. */
  default boolean startsOnly() {
    return false;
  }
}
