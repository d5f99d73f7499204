package dev.harpia.simd;

/**
 * Convolution forward: y[n, o] = bias[o] + Σ over c, ky, kx of weight[o, c, ky, kx] · x[n, c, oy·SH
 * + ky·DH − PH, …].
 */
public final class ConvForward {
  private static final ConvPlans<ForwardPlan> PLANS = new ConvPlans<>(ForwardPlan::of);

  private static final ConvPlans<ForwardPlan> PACKED = new ConvPlans<>(ForwardPlan::packed);
  private static final ConvPlans<ChannelPlan> POOLED =
      new ConvPlans<>(s -> new ChannelPlan(s, true));

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
    PLANS.of(s).runUnpacked(x, weight, bias, relu, accumulate, y);
  }

  /** Bytes that {@link #packWeights} needs. */
  public static long packedBytes(ConvShape s) {
    return PACKED.of(s).weightBytes();
  }

  /**
   * Brings weights into the order that {@link #runPacked} reads, for weights that are used many
   * times.
   */
  public static void packWeights(ConvShape s, long weight, long packed) {
    PACKED.of(s).packWeights(weight, packed);
  }

  /**
   * Computes y as {@link #run} does, from packed weights: the same bits, except for kernels of 3×3
   * with stride 1 over many channels, which are computed with fewer multiplications (Winograd) and
   * differ in the last bits.
   */
  public static void runPacked(
      ConvShape s, long x, long packed, long bias, boolean relu, boolean accumulate, long y) {
    PACKED.of(s).run(x, packed, bias, relu, accumulate, y);
  }

  /** Whether {@link #runPooled} can compute this. */
  public static boolean pools(ConvShape s) {
    return s.oh() > 1 && s.ow() > 1 && PACKED.of(s) instanceof ChannelPlan;
  }

  /**
   * Computes the largest of each 2×2 outputs side by side, y [N, O, ⌊OH/2⌋, ⌊OW/2⌋], from weights
   * that {@link #packWeights} packed; outputs that no window sees are not computed.
   */
  public static void runPooled(ConvShape s, long x, long packed, long bias, boolean relu, long y) {
    POOLED.of(s).run(x, packed, bias, relu, false, y);
  }
}
