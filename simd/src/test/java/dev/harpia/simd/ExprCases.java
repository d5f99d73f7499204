package dev.harpia.simd;

import static dev.harpia.tensor.Expr.c;
import static dev.harpia.tensor.Expr.x;

import dev.harpia.tensor.Activations;
import dev.harpia.tensor.Expr;
import java.util.List;

/** Every elementwise function of one input, with the range to sweep and its error bound. */
final class ExprCases {
  /** A function, the range of a random sweep, and the largest error in ULP of the result. */
  record Case(String name, Expr expr, double from, double to, double ulp) {
    @Override
    public String toString() {
      return name;
    }
  }

  private ExprCases() {}

  private static Case of(String name, Expr e, double from, double to, double ulp) {
    return new Case(name, e, from, to, ulp);
  }

  /** Functions with a bound on the relative error everywhere. */
  static List<Case> functions() {
    Expr x = x(0);
    return List.of(
        of("neg", x.neg(), -9, 9, 0),
        of("abs", x.abs(), -9, 9, 0),
        of("square", x.square(), -9, 9, 0.5),
        of("sqrt", x.sqrt(), 0, 9, 0.5),
        of("rsqrt", x.rsqrt(), 0, 9, 1.5),
        of("reciprocal", x.reciprocal(), -9, 9, 0.5),
        of("max", x.max(0.5), -9, 9, 0),
        of("min", c(0.5).min(x), -9, 9, 0),
        of("exp", x.exp(), -87.3, 88.7, 1),
        of("expm1", x.expm1(), -20, 88.7, 2),
        of("log", x.log(), 0, 100, 1),
        of("log2", x.log2(), 0, 100, 2.5),
        of("log1p", x.log1p(), -1, 100, 2),
        of("tanh", x.tanh(), -10, 10, 3),
        of("sigmoid", x.sigmoid(), -80, 80, 3),
        of("softplus", x.softplus(), -80, 80, 2),
        of("erf", x.erf(), -5, 5, 4),
        of("normalCdf", x.normalCdf(), -13, 6, 8),
        of("bell", x.square().mul(-0.5).exp(), -13, 13, 3),
        of("sin", x.sin(), -1e5, 1e5, 2),
        of("cos", x.cos(), -1e5, 1e5, 2),
        of("sinFar", x.sin(), -6.5e6, 6.5e6, 20),
        of("tan", x.tan(), -100, 100, 4),
        of("sinh", x.sinh(), -89, 89, 3),
        of("cosh", x.cosh(), -89, 89, 2),
        of("atan", x.atan(), -10, 10, 2),
        of("floor", x.floor(), -10, 10, 0),
        of("ceil", x.ceil(), -10, 10, 0),
        of("round", x.round(), -10, 10, 0),
        of("trunc", x.trunc(), -10, 10, 0),
        of("sign", x.sign(), -2, 2, 0),
        of("pow2", x.pow(2), -9, 9, 0.5),
        of("powm3", x.pow(-3), -9, 9, 4),
        of("pow7", x.pow(7), -100, 100, 4),
        of("pow0375", x.pow(0.375), 0, 100, 4),
        of("powm3025", x.pow(-30.25), 0, 10, 4),
        of("exp2", c(2).pow(x), -125, 125, 4),
        of("isNaN", x.isNaN(c(1), c(0)), -1, 1, 0));
  }

  /** Activations; the bound is in ULP of the larger of the result and 1. */
  static List<Case> activations() {
    Expr x = x(0);
    return List.of(
        of("relu", Activations.relu(x), -9, 9, 0),
        of("relu6", Activations.relu6(x), -9, 9, 0),
        of("leakyRelu", Activations.leakyRelu(x, 0.01), -9, 9, 1),
        of("elu", Activations.elu(x, 1), -9, 9, 2),
        of("celu", Activations.celu(x, 1.5), -9, 9, 2),
        of("selu", Activations.selu(x), -9, 9, 3),
        of("gelu", Activations.gelu(x), -13, 9, 3),
        of("geluTanh", Activations.geluTanh(x), -9, 9, 4),
        of("silu", Activations.silu(x), -80, 9, 3),
        of("mish", Activations.mish(x), -80, 40, 4),
        of("softsign", Activations.softsign(x), -9, 9, 1),
        of("hardtanh", Activations.hardtanh(x, -1, 1), -9, 9, 0),
        of("hardsigmoid", Activations.hardsigmoid(x), -9, 9, 1),
        of("hardswish", Activations.hardswish(x), -9, 9, 2),
        of("tanhshrink", Activations.tanhshrink(x), -9, 9, 2),
        of("softshrink", Activations.softshrink(x, 0.5), -9, 9, 1),
        of("hardshrink", Activations.hardshrink(x, 0.5), -9, 9, 0),
        of("threshold", Activations.threshold(x, 0.25, -2), -9, 9, 0),
        of("logSigmoid", Activations.logSigmoid(x), -80, 80, 2),
        of("softplus2", Activations.softplus(x, 2), -40, 40, 2),
        of("clamp", Activations.clamp(x, c(-2), c(3)), -9, 9, 0));
  }
}
