package dev.harpia.tensor.op;

import dev.harpia.simd.Copies;
import dev.harpia.simd.Vectors;
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

  /**
   * Whether an operation that writes its gradients in an order of its own must add to the target of
   * input i. Where one tensor is several inputs, their common target is cleared first, and all of
   * them add.
   */
  static boolean adding(GradientSink gIn, Tensor[] in, int i) {
    if (!gIn.wanted(i) || gIn.accumulate(i)) {
      return true;
    }
    for (int j = i + 1; j < in.length; j++) {
      if (in[j] == in[i]) {
        Tensor t = gIn.target(i);
        Vectors.zero(t.address(), 4 * t.size());
        return true;
      }
    }
    return false;
  }
}
