package dev.harpia.nn.optim;

import static dev.harpia.tensor.Expr.c;
import static dev.harpia.tensor.Expr.p;
import static dev.harpia.tensor.Expr.x;

import dev.harpia.simd.Kernel;
import dev.harpia.tensor.Expr;
import dev.harpia.tensor.Tensor;

/** The update that Adam and AdamW share: parameter, first and second moment in one pass. */
final class AdamKernel {
  private AdamKernel() {}

  /**
   * Outputs p, m, v; inputs p, g, m, v; parameters: 0 the gradient's scale, 1 ε, 2 decay, 3 β₁, 4
   * 1−β₂, 5 β₂, 6 rate/(1−β₁ᵗ), 7 1/√(1−β₂ᵗ).
   *
   * @param gradient the gradient with what decay adds to it
   * @param start the parameter with what decay takes from it
   */
  static Kernel compile(String name, Expr gradient, Expr start) {
    Expr m = x(2).mul(p(3)).add(gradient.mul(c(1).sub(p(3))));
    Expr v = x(3).mul(p(5)).add(gradient.square().mul(p(4)));
    Expr moved = start.sub(m.mul(p(6)).div(v.sqrt().fma(p(7), p(1))));
    return UpdateKernels.compile(name, moved, m, v);
  }

  /** Decay rates of the moments, and the term that keeps the divisor from zero. */
  record Settings(double beta1, double beta2, double epsilon) {
    Settings {
      if (!(beta1 >= 0 && beta1 < 1) || !(beta2 >= 0 && beta2 < 1) || !(epsilon >= 0)) {
        throw new IllegalArgumentException(
            "adam: β = ("
                + beta1
                + ", "
                + beta2
                + "), ε = "
                + epsilon
                + ": β must be in [0, 1), ε at least 0");
      }
    }

    void run(Kernel k, Optimizer.Slot s, Tensor g, float scale, float decay, double rate, long t) {
      double first = 1 - Math.pow(beta1, t);
      double second = 1 - Math.pow(beta2, t);
      Optimizer.run(
          k,
          s,
          g,
          scale,
          (float) epsilon,
          decay,
          (float) beta1,
          (float) (1 - beta2),
          (float) beta2,
          (float) (rate / first),
          (float) (1 / Math.sqrt(second)));
    }
  }
}
