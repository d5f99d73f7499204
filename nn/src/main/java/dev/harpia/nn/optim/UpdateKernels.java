package dev.harpia.nn.optim;

import static dev.harpia.tensor.Expr.p;
import static dev.harpia.tensor.Expr.x;

import dev.harpia.simd.Elementwise;
import dev.harpia.simd.Kernel;
import dev.harpia.simd.KernelCompiler;
import dev.harpia.tensor.Expr;
import dev.harpia.tensor.Tensor;

/** Compiled loops that optimizers share. */
final class UpdateKernels {
  static final Kernel COPY = KernelCompiler.compile("copy", x(0));
  private static final Kernel CLAMP =
      KernelCompiler.compile("clampGradient", x(0).min(p(0)).max(p(0).neg()));

  private UpdateKernels() {}

  static void clamp(Tensor g, float limit) {
    Elementwise.run(
        CLAMP,
        g.size(),
        g.writablePadding(),
        0,
        0,
        g.address(),
        g.address(),
        0,
        0,
        0,
        0,
        0,
        0,
        limit,
        0,
        0,
        0,
        0,
        0,
        0,
        0);
  }

  static Kernel compile(String name, Expr... outputs) {
    return KernelCompiler.compile(name, outputs);
  }
}
