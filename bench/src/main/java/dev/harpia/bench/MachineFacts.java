package dev.harpia.bench;

import dev.harpia.models.run.Cpu;
import dev.harpia.models.run.Machine;
import dev.harpia.simd.Parallel;
import dev.harpia.simd.Vectors;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What a result must be read with: processor, JVM, vectors, threads, load. */
public final class MachineFacts {
  private MachineFacts() {}

  /** Names and values, in order. */
  public static Map<String, String> of(int threads) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("cpu", Cpu.detect().model());
    facts.put("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
    facts.put("java", String.valueOf(Runtime.version()));
    facts.put("vectors", Vectors.BYTES * 8 + " bits");
    facts.put("threads", String.valueOf(Math.min(threads, Parallel.threads())));
    facts.put("gemm", Machine.gemm());
    facts.put(
        "load",
        String.format(
            Locale.ROOT,
            "%.1f",
            ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
    return facts;
  }

  /** One line; warns where other processes were running. */
  public static String line(Map<String, String> facts) {
    StringBuilder b = new StringBuilder();
    facts.forEach((k, v) -> b.append(b.isEmpty() ? "" : ", ").append(k).append(' ').append(v));
    double load = Double.parseDouble(facts.getOrDefault("load", "0"));
    if (load > 0.5) {
      b.append("\nThe machine was not idle when this began: read ratios, not times.");
    }
    return b.toString();
  }
}
