package dev.harpia.nn.optim;

import static dev.harpia.tensor.Expr.p;
import static dev.harpia.tensor.Expr.x;

import dev.harpia.simd.Elementwise;
import dev.harpia.simd.Kernel;
import dev.harpia.simd.KernelCompiler;
import dev.harpia.simd.Reduction;
import dev.harpia.simd.Reductions;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Tensor;
import java.lang.ref.Reference;
import java.util.List;

/**
 * Limits gradients, in place. Optimizers do the same when told so with {@link Optimizer#clipNorm}
 * and {@link Optimizer#clipValue}; the norm then costs no pass of its own over the gradients but
 * one that reads.
 */
public final class Clip {
  private static final Kernel ADD = KernelCompiler.compile("copy", x(0)).accumulating();
  private static final Kernel SCALE = KernelCompiler.compile("scale", x(0).mul(p(0)));
  private static final Kernel CLAMP =
      KernelCompiler.compile("clamp", x(0).min(p(0)).max(p(0).neg()));
  private static final Kernel SQUARES = KernelCompiler.compile("squares", x(0).mul(p(0)).square());
  private static final Kernel MAGNITUDES =
      KernelCompiler.compile("magnitudes", x(0).mul(p(0)).abs());
  private static final Kernel POWERS =
      KernelCompiler.compile("powers", x(0).mul(p(0)).abs().pow(p(1)));

  private Clip() {}

  /** Limits each element to [−max, max]. */
  public static void value(List<Tensor> gradients, double max) {
    positive("clip: value", max);
    gradients.forEach(g -> clamp(g, max));
  }

  /**
   * Multiplies all gradients by {@code max / (‖g‖ + 1e-6)} where that is below 1; ‖g‖ is the p-norm
   * of all elements of all gradients (Pascanu, Mikolov, Bengio 2013).
   *
   * @param p 2 for the Euclidean norm; positive infinity for the largest magnitude
   * @return the norm before clipping
   */
  public static double norm(List<Tensor> gradients, double max, double p) {
    positive("clip: norm", max);
    positive("clip: p", p);
    double norm = total(gradients, p);
    double scale = scale(norm, max);
    if (scale != 1) {
      gradients.forEach(g -> map(SCALE, g, scale));
    }
    return norm;
  }

  static double scale(double norm, double max) {
    return Math.min(1, max / (norm + 1e-6));
  }

  /** The p-norm of all elements. */
  static double total(List<Tensor> gradients, double p) {
    if (p == Double.POSITIVE_INFINITY) {
      return largest(gradients);
    }
    double sum = sum(gradients, p, 1);
    if (!Double.isInfinite(sum)) {
      return Math.pow(sum, 1 / p);
    }
    double unit = largest(gradients); // powers exceed float32 before the norm does
    return unit * Math.pow(sum(gradients, p, 1 / unit), 1 / p);
  }

  private static double sum(List<Tensor> gradients, double p, double scale) {
    Kernel k = p == 2 ? SQUARES : p == 1 ? MAGNITUDES : POWERS;
    double sum = 0;
    for (Tensor g : gradients) {
      sum +=
          Reduction.sum(
              k,
              g.size(),
              0,
              0,
              g.address(),
              0,
              0,
              0,
              0,
              0,
              0,
              (float) scale,
              (float) p,
              0,
              0,
              0,
              0,
              0,
              0);
    }
    Reference.reachabilityFence(gradients);
    return sum;
  }

  private static double largest(List<Tensor> gradients) {
    double largest = 0;
    try (var _ = Scope.open("largest")) {
      Tensor one = Tensor.zeros();
      for (Tensor g : gradients) {
        if (g.size() > 0) {
          Reductions.max(one.address(), g.address(), 1, g.size(), 1);
          largest = Math.max(largest, one.item());
          Reductions.min(one.address(), g.address(), 1, g.size(), 1);
          largest = Math.max(largest, -one.item());
        }
      }
    }
    Reference.reachabilityFence(gradients);
    return largest;
  }

  static void clamp(Tensor g, double max) {
    map(CLAMP, g, max);
  }

  private static void map(Kernel k, Tensor g, double p0) {
    long a = g.address();
    boolean padded = g.writablePadding();
    Elementwise.run(
        k, g.size(), padded, 0, 0, a, a, 0, 0, 0, 0, 0, 0, (float) p0, 0, 0, 0, 0, 0, 0, 0);
    g.changed();
    Reference.reachabilityFence(g);
  }

  /** sum += g. */
  static void add(Tensor sum, Tensor g) {
    boolean padded = sum.writablePadding() && g.readablePadding();
    Elementwise.unary(ADD, sum.address(), g.address(), g.size(), padded);
    Reference.reachabilityFence(sum);
    Reference.reachabilityFence(g);
  }

  static double positive(String what, double v) {
    if (!(v > 0)) {
      throw new IllegalArgumentException(what + " " + v + ": must be positive");
    }
    return v;
  }
}
