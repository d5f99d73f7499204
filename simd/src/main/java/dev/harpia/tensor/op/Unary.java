package dev.harpia.tensor.op;

import static dev.harpia.tensor.Expr.c;
import static dev.harpia.tensor.Expr.p;

import dev.harpia.tensor.Activations;
import dev.harpia.tensor.Expr;
import dev.harpia.tensor.Formula;

/**
 * The elementwise functions of one operand: one line gives value, derivative, kernels and the
 * tests' oracle.
 */
public final class Unary {
  private static final Expr X = Expr.x(0);

  public static final Formula NEG = Formula.of("neg", X.neg());
  public static final Formula ABS = Formula.of("abs", X.abs());
  public static final Formula SIGN = Formula.of("sign", X.sign());
  public static final Formula SQUARE = Formula.of("square", X.square());
  public static final Formula SQRT = Formula.of("sqrt", X.sqrt());
  public static final Formula RSQRT = Formula.of("rsqrt", X.rsqrt());
  public static final Formula RECIPROCAL = Formula.of("reciprocal", X.reciprocal());
  public static final Formula EXP = Formula.of("exp", X.exp());
  public static final Formula EXPM1 = Formula.of("expm1", X.expm1());
  public static final Formula LOG = Formula.of("log", X.log());
  public static final Formula LOG1P = Formula.of("log1p", X.log1p());
  public static final Formula SIN = Formula.of("sin", X.sin());
  public static final Formula COS = Formula.of("cos", X.cos());
  public static final Formula TAN = Formula.of("tan", X.tan());
  public static final Formula SINH = Formula.of("sinh", X.sinh());
  public static final Formula COSH = Formula.of("cosh", X.cosh());
  public static final Formula TANH = Formula.of("tanh", X.tanh());
  public static final Formula ATAN = Formula.of("atan", X.atan());
  public static final Formula ERF = Formula.of("erf", X.erf());
  public static final Formula FLOOR = Formula.of("floor", X.floor());
  public static final Formula CEIL = Formula.of("ceil", X.ceil());
  public static final Formula ROUND = Formula.of("round", X.round());

  public static final Formula ADD_SCALAR = Formula.of("add", X.add(p(0)));
  public static final Formula MUL_SCALAR = Formula.of("mul", X.mul(p(0)));
  public static final Formula DIV_SCALAR = Formula.of("div", X.div(p(0)));
  public static final Formula POW_SCALAR = Formula.of("pow", X.pow(p(0)));

  /** Limits to [p0, p1]; the gradient passes inside and at the limits. */
  public static final Formula CLAMP = Formula.of("clamp", X.lt(p(0), p(0), p(1).lt(X, p(1), X)));

  public static final Formula RELU = Formula.of("relu", Activations.relu(X));
  public static final Formula RELU6 = Formula.of("relu6", Activations.relu6(X));
  public static final Formula SIGMOID = Formula.of("sigmoid", X.sigmoid());
  public static final Formula GELU = Formula.of("gelu", Activations.gelu(X));
  public static final Formula GELU_TANH = Formula.of("geluTanh", Activations.geluTanh(X));
  public static final Formula SILU = Formula.of("silu", Activations.silu(X));
  public static final Formula SOFTPLUS = Formula.of("softplus", X.softplus());

  /** Integers as floats. */
  public static final Formula TO_FLOAT = Formula.of("toFloat", Expr.xi(0));

  /** x where x &gt; 0, p0·x elsewhere. */
  public static final Formula LEAKY_RELU = Formula.of("leakyRelu", c(0).lt(X, X, X.mul(p(0))));

  /** x where x &gt; 0, p0·(eˣ − 1) elsewhere. */
  public static final Formula ELU = Formula.of("elu", c(0).lt(X, X, X.expm1().mul(p(0))));

  /** x where x &gt; 0, p0·(e^(x/p0) − 1) elsewhere. */
  public static final Formula CELU =
      Formula.of("celu", c(0).lt(X, X, X.div(p(0)).expm1().mul(p(0))));

  public static final Formula SELU = Formula.of("selu", Activations.selu(X));
  public static final Formula MISH = Formula.of("mish", Activations.mish(X));
  public static final Formula HARDSWISH = Formula.of("hardswish", Activations.hardswish(X));
  public static final Formula HARDSIGMOID = Formula.of("hardsigmoid", Activations.hardsigmoid(X));
  public static final Formula LOG_SIGMOID = Formula.of("logSigmoid", Activations.logSigmoid(X));
  public static final Formula SOFTSIGN = Formula.of("softsign", Activations.softsign(X));
  public static final Formula TANHSHRINK = Formula.of("tanhshrink", Activations.tanhshrink(X));

  /** Limits to [p0, p1]; no gradient at the limits. */
  public static final Formula HARDTANH =
      Formula.of("hardtanh", X.le(p(0), p(0), X.ge(p(1), p(1), X)));

  /** x outside [−p0, p0], 0 within. */
  public static final Formula HARDSHRINK =
      Formula.of("hardshrink", X.ge(p(0).neg(), X.le(p(0), c(0), X), X));

  /** x moved towards 0 by p0, and 0 within [−p0, p0]. */
  public static final Formula SOFTSHRINK =
      Formula.of("softshrink", X.gt(p(0), X.sub(p(0)), X.lt(p(0).neg(), X.add(p(0)), X.mul(c(0)))));

  /** x where x &gt; p0, p1 elsewhere. */
  public static final Formula THRESHOLD = Formula.of("threshold", X.le(p(0), p(1), X));

  /** ln(1 + e^(p0·x))/p0, and x itself where p0·x is above p1. */
  public static final Formula SOFTPLUS_BETA =
      Formula.of("softplusBeta", X.mul(p(0)).gt(p(1), X, X.mul(p(0)).softplus().div(p(0))));

  /** Inverted dropout with rate p0: 0, or x/(1 − p0) = x·p1, drawn by the call's seed. */
  public static final Formula DROPOUT =
      Formula.of("dropout", Expr.uniform(0).lt(p(0), c(0), X.mul(p(1))));

  private Unary() {}
}
