package dev.harpia.models.cli;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.OperatingSystemMXBean;
import dev.harpia.models.picture.Fonts;
import dev.harpia.models.run.Cpu;
import dev.harpia.models.run.JsonLine;
import dev.harpia.models.run.Machine;
import dev.harpia.simd.Blas;
import dev.harpia.simd.Parallel;
import dev.harpia.simd.Vectors;
import dev.harpia.tensor.Budget;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What this machine and this JVM offer, and what is wrong with it.
 *
 * @param facts name and value of each fact, in order
 * @param warnings what should be better
 * @param failures what the library cannot work with
 */
record Doctor(Map<String, String> facts, List<String> warnings, List<String> failures) {
  /** The first release of JDK 25 whose default collector does not corrupt pinned objects. */
  private static final Runtime.Version SAFE = Runtime.Version.parse("25.0.3");

  static Doctor examine() {
    Map<String, String> facts = new LinkedHashMap<>();
    List<String> warnings = new ArrayList<>();
    List<String> failures = new ArrayList<>();
    facts.put("harpia", Machine.version());
    facts.put(
        "java",
        Runtime.version()
            + " ("
            + System.getProperty("java.vendor")
            + ", "
            + System.getProperty("java.vm.name")
            + ")");
    javaVersion(Runtime.version()).ifPresent(warnings::add);
    facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    Cpu cpu = Cpu.detect();
    String arch = System.getProperty("os.arch");
    facts.put("cpu", cpu.model() + " (" + arch + ")");
    facts.put(
        "features",
        cpu.features().isEmpty() ? "the system does not say" : String.join(" ", cpu.features()));
    facts.put("vectors", Vectors.BYTES * 8 + " bits, " + Vectors.LANES + " floats");
    vectors(arch, cpu, Vectors.BYTES * 8, option("UseAVX"), option("UseFMA"), failures, warnings);
    facts.put(
        "threads",
        Parallel.threads() + " of " + Runtime.getRuntime().availableProcessors() + " processors");
    memory(facts);
    facts.put("flags", flags());
    Fonts.problem().ifPresent(warnings::add);
    facts.put("blas", Blas.report());
    facts.put("gemm", gemm(failures));
    return new Doctor(facts, warnings, failures);
  }

  static Optional<String> javaVersion(Runtime.Version version) {
    if (version.feature() == 25 && version.compareToIgnoreOptional(SAFE) < 0) {
      return Optional.of(
          "JDK %s can corrupt memory with its default collector (JDK-8377811): use 25.0.3 or newer"
              .formatted(version));
    }
    return Optional.empty();
  }

  /** The minimum that is promised: AVX2 with FMA, or NEON. */
  static void vectors(
      String arch,
      Cpu cpu,
      int bits,
      Optional<String> useAvx,
      Optional<String> useFma,
      List<String> failures,
      List<String> warnings) {
    if (arch.equals("aarch64") || arch.equals("arm64")) {
      return; // NEON is part of the architecture
    }
    List<String> missing = new ArrayList<>();
    boolean known = !cpu.features().isEmpty();
    int avx = useAvx.map(Integer::parseInt).orElse(2);
    if (known && !cpu.features().contains("avx2") || avx < 2) {
      missing.add("AVX2" + (avx < 2 ? " (this JVM runs with UseAVX=" + avx + ")" : ""));
    }
    if (known && !cpu.features().contains("fma") || useFma.equals(Optional.of("false"))) {
      missing.add(
          "FMA" + (useFma.equals(Optional.of("false")) ? " (this JVM runs with -UseFMA)" : ""));
    }
    if (!missing.isEmpty()) {
      failures.add(
          "below the minimum, AVX2 with FMA or NEON: no "
              + String.join(", no ", missing)
              + ": everything will be many times slower, and nothing is promised");
    } else if (bits < 256) {
      warnings.add(
          "vectors of only "
              + bits
              + " bits on a processor that has more: check -Dharpia.vector.bits");
    }
  }

  private static void memory(Map<String, String> facts) {
    long heap = Runtime.getRuntime().maxMemory();
    facts.put("heap", mebibytes(heap) + " at most");
    if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
      facts.put(
          "memory",
          mebibytes(system.getTotalMemorySize())
              + " of machine or container, "
              + mebibytes(system.getFreeMemorySize())
              + " free");
    }
    facts.put(
        "off-heap limit", mebibytes(Budget.limitBytes()) + " (-Dharpia.memory.limit changes it)");
  }

  private static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%,d MiB", bytes >> 20);
  }

  private static String flags() {
    List<String> flags = ManagementFactory.getRuntimeMXBean().getInputArguments();
    return flags.isEmpty() ? "none" : String.join(" ", flags);
  }

  private static Optional<String> option(String name) {
    try {
      return Optional.of(
          ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
              .getVMOption(name)
              .getValue());
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // not on this architecture
    }
  }

  private static String gemm(List<String> failures) {
    try {
      return Machine.gemm();
    } catch (UnsupportedOperationException e) {
      failures.add(String.valueOf(e.getMessage()));
      return "none";
    }
  }

  String text() {
    StringBuilder out = new StringBuilder();
    facts.forEach(
        (name, value) -> out.append(String.format(Locale.ROOT, "%-15s %s%n", name, value)));
    warnings.forEach(
        warning -> out.append("warning: ").append(warning).append(System.lineSeparator()));
    failures.forEach(
        failure -> out.append("problem: ").append(failure).append(System.lineSeparator()));
    if (warnings.isEmpty() && failures.isEmpty()) {
      out.append("all well").append(System.lineSeparator());
    }
    return out.toString();
  }

  JsonLine json() {
    JsonLine line = new JsonLine();
    facts.forEach((name, value) -> line.put(name.replace(' ', '_').replace('-', '_'), value));
    return line.put("warnings", warnings).put("problems", failures);
  }
}
