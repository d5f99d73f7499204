package dev.harpia.simd;

/** The gradients of a convolution's weight and bias. */
public final class ConvBackwardWeight {
  private static final ConvPlans<WeightPlan> PLANS = new ConvPlans<>(WeightPlan::new);

  private ConvBackwardWeight() {}

  /**
   * Computes gw[o, c, ky, kx] = Σ over n, oy, ox of gy[n, o, oy, ox] · x[n, c, oy·SH + ky·DH − PH,
   * …], or adds to it.
   *
   * <p>Where an infinity or NaN in x meets no gradient of one tap but lies beside the pixels of
   * that tap, that tap's gradient may be NaN as well.
   */
  public static void run(ConvShape s, long x, long gy, long gw, boolean accumulate) {
    run(PLANS.of(s), x, gy, gw, accumulate);
  }

  static void run(WeightPlan plan, long x, long gy, long gw, boolean accumulate) {
    long floats = (long) plan.shape.co() * plan.k;
    if (plan.units == 0) {
      if (!accumulate) {
        PlaneCopies.clear(gw, floats);
      }
      return;
    }
    Scratch scratch = Scratch.acquire(4 * floats * plan.chunks);
    try {
      WeightTask.run(plan, x, gy, scratch.address());
      ChunkSums.run(scratch.address(), plan.chunks, floats, gw, accumulate);
    } finally {
      scratch.keep();
      scratch.release();
    }
  }

  /** Computes gbias[o] = Σ over n, oy, ox of gy, or adds to it. */
  public static void bias(ConvShape s, long gy, long gbias, boolean accumulate) {
    bias(s.n(), s.co(), (long) s.oh() * s.ow(), gy, gbias, accumulate);
  }

  /** The same for any gradient [n, channels, pixels], such as a transposed convolution's. */
  public static void bias(
      int n, int channels, long pixels, long gy, long gbias, boolean accumulate) {
    BiasTask.run(n, channels, pixels, gy, gbias, accumulate);
  }

  /** Both gradients; {@code gbias} is 0 where there is no bias. */
  public static void run(
      ConvShape s,
      long x,
      long gy,
      long gw,
      long gbias,
      boolean accumulateWeight,
      boolean accumulateBias) {
    run(s, x, gy, gw, accumulateWeight);
    if (gbias != 0) {
      bias(s, gy, gbias, accumulateBias);
    }
  }
}
