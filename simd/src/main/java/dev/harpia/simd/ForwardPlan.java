package dev.harpia.simd;

/** How a convolution's forward pass is computed, decided by its shape alone. */
sealed interface ForwardPlan permits TapPlan, ChannelPlan, WinogradPlan {
  /** The plan for a shape. */
  static ForwardPlan of(ConvShape s) {
    return ConvLayout.channels(s) ? new ChannelPlan(s, false) : TapPlan.forward(s);
  }

  /** The plan for a shape whose weights are packed once and used many times. */
  static ForwardPlan packed(ConvShape s) {
    return WinogradPlan.suits(s) ? new WinogradPlan(s) : of(s);
  }

  /** Bytes of the packed weights. */
  long weightBytes();

  /** Brings a weight tensor into the order that {@link #run} reads. */
  void packWeights(long weight, long packed);

  /**
   * Computes {@code y} = (0 ≤) bias + taps, or adds to it.
   *
   * @param weights packed by this plan
   * @param bias 0 for none
   */
  void run(long x, long weights, long bias, boolean relu, boolean accumulate, long y);

  /** The same from a plain weight tensor. */
  default void runUnpacked(
      long x, long weight, long bias, boolean relu, boolean accumulate, long y) {
    Scratch scratch = Scratch.acquire(weightBytes());
    try {
      packWeights(weight, scratch.address());
      run(x, scratch.address(), bias, relu, accumulate, y);
    } finally {
      scratch.keep();
      scratch.release();
    }
  }
}
