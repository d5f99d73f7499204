package dev.harpia.simd;

import com.sun.management.ThreadMXBean;
import dev.harpia.tensor.Expr;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** What kernels leave on the heap, here or in a JVM of its own. Argument: a case's number. */
final class KernelAllocationMain {
  private static final long LONGEST_WARM_UP_NANOS = 60_000_000_000L;
  private static final int CALLS = 1000;
  private static final int N = 203;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Calls that in the end leave nothing. */
  record Calls(String name, List<Runnable> calls) {
    /** The bytes that {@link #CALLS} of each left in the end. */
    long bytes() {
      return calls.stream().flatMapToLong(call -> LongStream.of(steady(call))).sum();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private KernelAllocationMain() {}

  public static void main(String[] args) {
    Calls calls = all().get(Integer.parseInt(args[0]));
    long bytes = calls.bytes();
    if (bytes != 0) {
      throw new AssertionError("%s: %d bytes in %d calls".formatted(calls, bytes, CALLS));
    }
  }

  static List<Calls> all() {
    List<Calls> all = new ArrayList<>();
    Stream.concat(ExprCases.functions().stream(), ExprCases.activations().stream())
        .map(KernelAllocationMain::kernels)
        .forEach(all::add);
    all.add(broadcast("rows and a row", new int[][] {{20, 10}, {20, 10}, {10}}));
    all.add(broadcast("rows and a column", new int[][] {{20, 10}, {20, 10}, {20, 1}}));
    all.add(broadcast("long rows and a row", new int[][] {{3, 600}, {3, 600}, {600}}));
    all.add(broadcast("long rows and a column", new int[][] {{3, 600}, {3, 600}, {3, 1}}));
    all.add(broadcast("a row and one element", new int[][] {{99}, {99}, {1}}));
    return all;
  }

  private static Calls kernels(ExprCases.Case c) {
    FloatArray x = new FloatArray(N).fill(i -> Math.sin(i));
    FloatArray y = new FloatArray(N);
    Kernel value = KernelCompiler.compile(c.name(), c.expr());
    Kernel slope =
        KernelCompiler.compile(c.name() + "_slope", c.expr().derivative(0).mul(Expr.x(1)));
    return new Calls(
        c.name(),
        List.of(
            () -> Elementwise.unary(value, y.address(), x.address(), N, false),
            () ->
                Elementwise.binary(
                    slope.accumulating(), y.address(), x.address(), x.address(), N, false),
            () -> Reduction.sum(value, x.address(), N)));
  }

  private static Calls broadcast(String name, int[][] s) {
    FloatArray x = new FloatArray(2000).fill(i -> i);
    FloatArray y = new FloatArray(2000).fill(i -> i);
    FloatArray z = new FloatArray(2000);
    Broadcast plan = Broadcast.of(s[0], s[1], s[2]);
    Kernel k = KernelCompiler.compile("allocation", Expr.x(0).sub(Expr.x(1).mul(3)));
    return new Calls(
        name, List.of(() -> plan.binary(k, z.address(), x.address(), y.address(), false)));
  }

  /** Bytes per window of calls, at the first two windows in a row without any, or at the last. */
  static long steady(Runnable call) {
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
}
