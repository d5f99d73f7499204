package dev.harpia.simd;

/**
 * The gradient of a convolution's x from the gradient of its y; also the forward pass of a
 * transposed convolution.
 */
public final class ConvBackwardData {
  private static final ConvPlans<TapPlan> PLANS = new ConvPlans<>(TapPlan::backwardData);

  private ConvBackwardData() {}

  /** Computes gx, or adds to it. */
  public static void run(ConvShape s, long gy, long weight, long gx, boolean accumulate) {
    run(s, gy, weight, 0, false, accumulate, gx);
  }

  /**
   * Computes gx with what a transposed convolution's forward pass adds.
   *
   * @param bias C floats, or 0 for none
   * @param relu whether negative results become zero (NaN stays)
   * @param accumulate whether results are added to gx; not together with {@code relu}
   */
  public static void run(
      ConvShape s, long gy, long weight, long bias, boolean relu, boolean accumulate, long gx) {
    PLANS.of(s).runUnpacked(gy, weight, bias, relu, accumulate, gx);
  }
}
