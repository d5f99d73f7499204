package dev.harpia.tensor.op;

import dev.harpia.simd.Copies;
import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Gradients that pass an operation unchanged. */
final class Pass {
  private Pass() {}

  /**
   * Makes the output's gradient input i's: handed over, copied or added. Shapes may differ, sizes
   * are equal.
   */
  static void through(@Nullable Tensor gOut, GradientSink gIn, int i) {
    if (gOut == null || !gIn.wanted(i) || gIn.adopt(i)) {
      return;
    }
    boolean add = gIn.accumulate(i);
    Tensor g = gIn.target(i);
    Copies.block(g.address(), g.size(), gOut.address(), g.size(), 1, g.size(), add);
  }
}
