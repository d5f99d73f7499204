package dev.harpia.models.run;

import com.sun.management.ThreadMXBean;
import dev.harpia.simd.Blas;
import dev.harpia.simd.Gemm;
import java.lang.management.ManagementFactory;

/** What a run's metrics say about the machine it ran on. */
public final class Machine {
  private Machine() {}

  /** How reports name the matrix multiplication that this JVM uses. */
  public static String gemm() {
    return Blas.external().map(Gemm::name).orElse("vector");
  }

  /** The version of Harpia, from the jar's manifest. */
  public static String version() {
    String version = Machine.class.getPackage().getImplementationVersion();
    return version == null ? "unpacked" : version;
  }

  /**
   * Bytes that the calling thread has allocated on the Java heap so far; −1 where the JVM does not
   * count.
   */
  public static long allocatedBytes() {
    return ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads
        ? threads.getCurrentThreadAllocatedBytes()
        : -1;
  }
}
