package dev.harpia.simd;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Optional;

/**
 * What the library cannot do without: the vector module, and AVX2 with FMA or NEON. Checked before
 * any vector class is loaded, so that the message is a sentence and not a linkage error.
 */
public final class Requirements {
  private static final Optional<String> MISSING = find();

  private Requirements() {}

  /** Throws a sentence with the remedy where something is missing; costs nothing else. */
  public static void check() {
    if (MISSING.isPresent()) {
      throw new UnsupportedOperationException(MISSING.get());
    }
  }

  /** What is missing, and the remedy. */
  public static Optional<String> missing() {
    return MISSING;
  }

  private static Optional<String> find() {
    Compiler.prepare();
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      return Optional.of(
          "harpia: the module jdk.incubator.vector is not there; start the JVM with --add-modules"
              + " jdk.incubator.vector");
    }
    String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    boolean x86 = arch.equals("amd64") || arch.equals("x86_64");
    if (x86 && (below("UseAVX", 2) || "false".equals(option("UseFMA")))) {
      return Optional.of(
          "harpia: this JVM runs without AVX2 and FMA (UseAVX="
              + option("UseAVX")
              + ", UseFMA="
              + option("UseFMA")
              + "), the least that the kernels need on x86: use a processor of 2013 or later, and"
              + " remove -XX:UseAVX if it is set");
    }
    return Optional.empty();
  }

  private static boolean below(String option, int least) {
    String value = option(option);
    return !value.isEmpty() && Integer.parseInt(value) < least;
  }

  /**
   * The value of a HotSpot option; empty on virtual machines and processors that have none of this
   * name.
   */
  private static String option(String name) {
    try {
      HotSpotDiagnosticMXBean bean =
          ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
      return bean == null ? "" : bean.getVMOption(name).getValue();
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
