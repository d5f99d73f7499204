package dev.harpia.simd;

/**
 * Convolution forward: y[n, o] = bias[o] + Σ over c, ky, kx of weight[o, c, ky, kx] · x[n, c, oy·SH
 * + ky·DH − PH, …].
 */
public final class ConvForward {
  private static final ConvPlans<TapPlan> PLANS = new ConvPlans<>(TapPlan::forward);

  private ConvForward() {}

  /**
   * Computes y.
   *
   * @param bias O floats, or 0 for none
   * @param relu whether negative results become zero (NaN stays)
   * @param accumulate whether results are added to y; not together with {@code relu}
   */
  public static void run(
      ConvShape s, long x, long weight, long bias, boolean relu, boolean accumulate, long y) {
    TapPlan plan = PLANS.of(s);
    TapTask.runUnpacked(plan, x, weight, bias, relu, accumulate, y);
  }

  /** Bytes that {@link #packWeights} needs. */
  public static long packedBytes(ConvShape s) {
    return PLANS.of(s).weightBytes();
  }

  /**
   * Brings weights into the order that {@link #runPacked} reads, for weights that are used many
   * times.
   */
  public static void packWeights(ConvShape s, long weight, long packed) {
    PLANS.of(s).packWeights(weight, packed);
  }

  /** Computes y as {@link #run} does, from packed weights: the same bits. */
  public static void runPacked(
      ConvShape s, long x, long packed, long bias, boolean relu, boolean accumulate, long y) {
    TapTask.run(PLANS.of(s), x, packed, bias, relu, accumulate, y);
  }
}
