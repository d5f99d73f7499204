package dev.harpia.simd;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Optional;
import jdk.incubator.vector.VectorShape;

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
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      return Optional.of(
          "harpia: the module jdk.incubator.vector is not there; start the JVM with --add-modules"
              + " jdk.incubator.vector");
    }
    String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    boolean x86 = arch.equals("amd64") || arch.equals("x86_64");
    if (x86 && Suspicion.of() && (below("UseAVX", 2) || "false".equals(option("UseFMA")))) {
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

  /**
   * Whether AVX2 or FMA may be missing: a cheap look, since asking the JVM for its options loads
   * its management classes, which takes longer than a small model's first answer. A class of its
   * own, so that the vector classes are not needed where their module is missing.
   */
  private static final class Suspicion {
    private static final int CALLS = 64;

    /** As many interpreted calls take some microseconds, and without FMA a tenth of a second. */
    private static final long LONG = 2_000_000;

    static boolean of() {
      return VectorShape.preferredShape().vectorBitSize() < 256 || slow();
    }

    /** Without the instruction, the JDK computes with numbers of any length. */
    private static boolean slow() {
      long start = System.nanoTime();
      float sum = 0;
      for (int i = 0; i < CALLS; i++) {
        sum = Math.fma(0.1f, 0.3f, sum);
      }
      return System.nanoTime() - start > LONG || sum == 0;
    }
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
