package dev.harpia.blas;

import com.sun.management.ThreadMXBean;
import dev.harpia.simd.Blas;
import dev.harpia.simd.Gemm;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;

/**
 * Calls until two windows of 1000 calls have allocated nothing on the Java heap, for at most 60
 * seconds.
 */
final class Allocation {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Allocation() {}

  public static void main(String[] args) {
    Gemm gemm = Blas.external().orElseThrow();
    long memory = Arena.global().allocate(3 * 4 * 33 * 33, 64).address();
    long deadline = System.nanoTime() + 60_000_000_000L;
    int clean = 0;
    long bytes = 0;
    while (clean < 2 && System.nanoTime() < deadline) {
      bytes = window(gemm, memory);
      clean = bytes == 0 ? clean + 1 : 0;
    }
    System.out.println(clean == 2 ? "steady" : "still " + bytes + " bytes in 1000 calls");
  }

  private static long window(Gemm gemm, long memory) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 1000; i++) {
      int n = 1 + i % 33; // odd and even sizes
      gemm.multiply(
          i % 2 == 0, i % 3 == 0, n, n, n, 1, memory, n, memory + 4356, n, 0, memory + 8712, n);
    }
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }
}
