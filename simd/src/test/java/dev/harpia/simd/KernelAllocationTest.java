package dev.harpia.simd;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.harpia.tensor.Expr;
import java.lang.management.ManagementFactory;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Steady state: no kernel, driver or reduction allocates on the heap. */
class KernelAllocationTest {
  private static final long LONGEST_WARM_UP_NANOS = 60_000_000_000L;
  private static final int CALLS = 1000;
  private static final int N = 203;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  static Stream<ExprCases.Case> cases() {
    return Stream.concat(ExprCases.functions().stream(), ExprCases.activations().stream());
  }

  /** Bytes per window of calls, at the first two windows in a row without any, or at the last. */
  private static long steady(Runnable call) {
    long id = Thread.currentThread().threadId();
    long last = -1;
    long start = System.nanoTime();
    while (System.nanoTime() - start < LONGEST_WARM_UP_NANOS) {
      long before = THREADS.getThreadAllocatedBytes(id);
      for (int i = 0; i < CALLS; i++) {
        call.run();
      }
      long bytes = THREADS.getThreadAllocatedBytes(id) - before;
      if (bytes == 0 && last == 0) {
        return 0;
      }
      last = bytes;
    }
    return last;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void kernelAndSlopeAllocateNothing(ExprCases.Case c) {
    FloatArray x = new FloatArray(N).fill(i -> Math.sin(i));
    FloatArray y = new FloatArray(N);
    Kernel value = KernelCompiler.compile(c.name(), c.expr());
    Kernel slope =
        KernelCompiler.compile(c.name() + "_slope", c.expr().derivative(0).mul(Expr.x(1)));
    assertThat(steady(() -> Elementwise.unary(value, y.address(), x.address(), N, false))).isZero();
    assertThat(
            steady(
                () ->
                    Elementwise.binary(
                        slope.accumulating(), y.address(), x.address(), x.address(), N, false)))
        .isZero();
    assertThat(steady(() -> Reduction.sum(value, x.address(), N))).isZero();
  }

  static Stream<int[][]> shapes() {
    return Stream.of(
        new int[][] {{20, 10}, {20, 10}, {10}},
        new int[][] {{20, 10}, {20, 10}, {20, 1}},
        new int[][] {{3, 600}, {3, 600}, {600}},
        new int[][] {{3, 600}, {3, 600}, {3, 1}},
        new int[][] {{99}, {99}, {1}});
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void broadcastsAllocateNothing(int[][] s) {
    FloatArray x = new FloatArray(2000).fill(i -> i);
    FloatArray y = new FloatArray(2000).fill(i -> i);
    FloatArray z = new FloatArray(2000);
    Broadcast plan = Broadcast.of(s[0], s[1], s[2]);
    Kernel k = KernelCompiler.compile("allocation", Expr.x(0).sub(Expr.x(1).mul(3)));
    assertThat(steady(() -> plan.binary(k, z.address(), x.address(), y.address(), false))).isZero();
  }
}
