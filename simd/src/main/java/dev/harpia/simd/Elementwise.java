package dev.harpia.simd;

/**
 * Runs kernels over any number of contiguous elements, on the pool when that pays. The caller has
 * checked bounds and liveness. No call allocates in steady state.
 *
 * <p>Addresses are the kernel's: outputs, then inputs; unused ones are 0. Outputs may be inputs,
 * but must not overlap them in part. {@link Broadcast} runs kernels over operands of different
 * shapes.
 */
public final class Elementwise {
  /** Elements of one piece of work: the split depends on the size and the kernel alone. */
  private static final int GRAIN = 16384;

  /** The same for kernels with transcendental functions. */
  private static final int HEAVY_GRAIN = 4096;

  private static final int HEAVY = 15;

  private Elementwise() {}

  /**
   * Runs a kernel over n elements.
   *
   * @param padded whether every output may be written, and every input read, up to the next whole
   *     vector
   * @param firstIndex the index of the first element, for random draws
   */
  public static void run(
      Kernel k,
      long n,
      boolean padded,
      long firstIndex,
      long seed,
      long a0,
      long a1,
      long a2,
      long a3,
      long a4,
      long a5,
      long a6,
      long a7,
      float p0,
      float p1,
      float p2,
      float p3,
      float p4,
      float p5,
      float p6,
      float p7) {
    if (n <= 0) {
      return;
    }
    if (n <= grain(k) && (padded || n % Vectors.LANES == 0)) {
      k.run(
          a0, a1, a2, a3, a4, a5, a6, a7, 4 * n, firstIndex, seed, p0, p1, p2, p3, p4, p5, p6, p7);
      return;
    }
    ContiguousTask task = ContiguousTask.POOL.take();
    task.call.random(firstIndex, seed);
    task.call.addresses(a0, a1, a2, a3, a4, a5, a6, a7);
    task.call.parameters(p0, p1, p2, p3, p4, p5, p6, p7);
    task.start(k, n, padded, grain(k));
    ContiguousTask.POOL.give(task);
  }

  /** The same without parameters and random draws. */
  public static void run(
      Kernel k,
      long n,
      boolean padded,
      long a0,
      long a1,
      long a2,
      long a3,
      long a4,
      long a5,
      long a6,
      long a7) {
    run(k, n, padded, 0, 0, a0, a1, a2, a3, a4, a5, a6, a7, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  /** One output, one input. */
  public static void unary(Kernel k, long out, long x, long n, boolean padded) {
    run(k, n, padded, 0, 0, out, x, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  /** One output, two inputs. */
  public static void binary(Kernel k, long out, long x, long y, long n, boolean padded) {
    run(k, n, padded, 0, 0, out, x, y, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  /** One output, three inputs. */
  public static void ternary(Kernel k, long out, long x, long y, long z, long n, boolean padded) {
    run(k, n, padded, 0, 0, out, x, y, z, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  static int grain(Kernel k) {
    return k.operations() < HEAVY ? GRAIN : HEAVY_GRAIN;
  }
}
