package dev.harpia.tensor;

import static dev.harpia.tensor.Expr.c;

/**
 * Activation functions as expressions, with PyTorch's definitions, default values aside, and its
 * derivatives at kinks.
 */
public final class Activations {
  private static final Expr ZERO = c(0);
  private static final Expr ONE = c(1);

  private Activations() {}

  /** max(x, 0); the derivative at 0 is 0. */
  public static Expr relu(Expr x) {
    return x.le(ZERO, ZERO, x);
  }

  /** min(max(x, 0), 6); the derivative at 0 and 6 is 0. */
  public static Expr relu6(Expr x) {
    return hardtanh(x, 0, 6);
  }

  /** x where x &gt; 0, slope·x elsewhere. */
  public static Expr leakyRelu(Expr x, double slope) {
    return ZERO.lt(x, x, x.mul(slope));
  }

  /** x where x &gt; 0, α(eˣ − 1) elsewhere. */
  public static Expr elu(Expr x, double alpha) {
    return ZERO.lt(x, x, x.expm1().mul(alpha));
  }

  /** x where x &gt; 0, α(e^(x/α) − 1) elsewhere. */
  public static Expr celu(Expr x, double alpha) {
    return ZERO.lt(x, x, x.div(alpha).expm1().mul(alpha));
  }

  /** λ·elu(x, α) with the constants of self-normalising networks. */
  public static Expr selu(Expr x) {
    return elu(x, 1.6732632423543772).mul(1.0507009873554805);
  }

  /** x·Φ(x), accurate in the lower tail. */
  public static Expr gelu(Expr x) {
    return gated(x, x.normalCdf());
  }

  /** ½x(1 + tanh(√(2/π)(x + 0.044715x³))). */
  public static Expr geluTanh(Expr x) {
    // as a sigmoid of twice the argument: no cancellation in the lower tail
    double k = 2 * Math.sqrt(2 / Math.PI);
    return gated(x, x.square().fma(c(0.044715 * k), c(k)).mul(x).sigmoid());
  }

  /** x·sigmoid(x). */
  public static Expr silu(Expr x) {
    return gated(x, x.sigmoid());
  }

  /** x·tanh(softplus(x)). */
  public static Expr mish(Expr x) {
    // tanh(ln(1 + w)) = n/(n + 2) with n = w² + 2w: one exponential; from 20 on the ratio is 1
    Expr w = x.min(20).exp();
    Expr n = w.mul(w.add(2));
    return gated(x, n.div(n.add(2)));
  }

  private static Expr gated(Expr x, Expr gate) {
    return x.mul(gate);
  }

  /** x/(1 + |x|). */
  public static Expr softsign(Expr x) {
    return x.div(x.abs().add(1));
  }

  /** x held between low and high; the derivative at both ends is 0. */
  public static Expr hardtanh(Expr x, double low, double high) {
    return x.le(c(low), c(low), x.ge(c(high), c(high), x));
  }

  /** x held between low and high; the derivative at both ends is 1. */
  public static Expr clamp(Expr x, Expr low, Expr high) {
    return x.lt(low, low, x.gt(high, high, x));
  }

  /** min(max(x/6 + ½, 0), 1); the derivative at ±3 is 0. */
  public static Expr hardsigmoid(Expr x) {
    return x.le(c(-3), ZERO, x.ge(c(3), ONE, x.fma(c(1 / 6.0), c(0.5))));
  }

  /** x·hardsigmoid(x). */
  public static Expr hardswish(Expr x) {
    return x.lt(c(-3), ZERO, x.le(c(3), x.mul(x.fma(c(1 / 6.0), c(0.5))), x));
  }

  /** x − tanh(x). */
  public static Expr tanhshrink(Expr x) {
    return x.sub(x.tanh());
  }

  /** x moved towards 0 by λ, and 0 within [−λ, λ]. */
  public static Expr softshrink(Expr x, double lambda) {
    return x.gt(c(lambda), x.sub(lambda), x.lt(c(-lambda), x.add(lambda), x.mul(ZERO)));
  }

  /** x outside [−λ, λ], 0 within. */
  public static Expr hardshrink(Expr x, double lambda) {
    return x.ge(c(-lambda), x.le(c(lambda), ZERO, x), x);
  }

  /** x where x &gt; t, value elsewhere. */
  public static Expr threshold(Expr x, double t, double value) {
    return x.le(c(t), c(value), x);
  }

  /** ln sigmoid(x), without overflow. */
  public static Expr logSigmoid(Expr x) {
    return x.neg().softplus().neg();
  }

  /** softplus with sharpness β: ln(1 + e^(βx))/β. */
  public static Expr softplus(Expr x, double beta) {
    return x.mul(beta).softplus().div(beta);
  }
}
