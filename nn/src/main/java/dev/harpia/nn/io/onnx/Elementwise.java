package dev.harpia.nn.io.onnx;

import static dev.harpia.tensor.Expr.c;
import static dev.harpia.tensor.Expr.p;
import static dev.harpia.tensor.Expr.x;

import dev.harpia.simd.Vectors;
import dev.harpia.tensor.Expr;
import dev.harpia.tensor.Formula;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Compare;
import dev.harpia.tensor.op.Pointwise;
import dev.harpia.tensor.op.Unary;
import java.util.function.DoubleUnaryOperator;

/** Functions of one operand. */
final class Elementwise {
  private static final Expr X = x(0);
  private static final Expr ZERO = c(0);

  static final Formula TRUNC = Formula.of("trunc", X.trunc());
  private static final Formula LEAKY_RELU = Formula.of("leakyRelu", X.lt(ZERO, X.mul(p(0)), X));
  private static final Formula PRELU = Formula.of("prelu", X.lt(ZERO, X.mul(x(1)), X));
  private static final Formula ELU = Formula.of("elu", X.lt(ZERO, X.expm1().mul(p(0)), X));
  private static final Formula CELU =
      Formula.of("celu", X.lt(ZERO, X.div(p(0)).expm1().mul(p(0)), X));
  private static final Formula SELU =
      Formula.of("selu", X.lt(ZERO, X.expm1().mul(p(0)), X).mul(p(1)));
  private static final Formula HARD_SIGMOID =
      Formula.of("hardSigmoid", X.mul(p(0)).add(p(1)).min(1).max(0));
  private static final Formula HARD_SWISH =
      Formula.of("hardSwish", X.mul(X.mul(1.0 / 6).add(0.5).min(1).max(0)));
  private static final Formula SWISH = Formula.of("swish", X.mul(X.mul(p(0)).sigmoid()));
  private static final Formula SOFTSIGN = Formula.of("softsign", X.div(X.abs().add(1)));
  private static final Formula THRESHOLDED_RELU =
      Formula.of("thresholdedRelu", X.le(p(0), ZERO, X));
  private static final Formula SHRINK =
      Formula.of("shrink", X.lt(p(0).neg(), X.add(p(1)), X.gt(p(0), X.sub(p(1)), ZERO)));

  private Elementwise() {}

  static void register(Operators.Registry r) {
    plain(r, "Sqrt", Unary.SQRT);
    plain(r, "Exp", Unary.EXP);
    plain(r, "Log", Unary.LOG);
    plain(r, "Sin", Unary.SIN);
    plain(r, "Cos", Unary.COS);
    plain(r, "Tan", Unary.TAN);
    plain(r, "Sinh", Unary.SINH);
    plain(r, "Cosh", Unary.COSH);
    plain(r, "Tanh", Unary.TANH);
    plain(r, "Atan", Unary.ATAN);
    exact(r, "Asin", Math::asin);
    exact(r, "Acos", Math::acos);
    exact(r, "Asinh", x -> Math.signum(x) * Math.log(Math.abs(x) + Math.sqrt(x * x + 1)));
    exact(r, "Acosh", x -> Math.log(x + Math.sqrt(x * x - 1)));
    exact(r, "Atanh", x -> 0.5 * (Math.log1p(x) - Math.log1p(-x)));
    plain(r, "Erf", Unary.ERF);
    plain(r, "Floor", Unary.FLOOR);
    plain(r, "Ceil", Unary.CEIL);
    plain(r, "Round", Unary.ROUND);
    plain(r, "Reciprocal", Unary.RECIPROCAL);
    plain(r, "Sigmoid", Unary.SIGMOID);
    plain(r, "Softplus", Unary.SOFTPLUS);
    plain(r, "Softsign", SOFTSIGN);
    plain(r, "HardSwish", HARD_SWISH);
    plain(r, "Mish", Unary.MISH);
    r.add("Relu", signed(Unary.RELU, IntegerKind.MAX, 0));
    r.add("Neg", signed(Unary.NEG, IntegerKind.MUL, -1));
    r.add("Abs", Elementwise::abs);
    r.add("Sign", Elementwise::sign);
    r.add("Gelu", Mapping.floats(Elementwise::gelu));
    one(r, "LeakyRelu", LEAKY_RELU, "alpha", 0.01f);
    one(r, "Elu", ELU, "alpha", 1);
    one(r, "Celu", CELU, "alpha", 1);
    one(r, "ThresholdedRelu", THRESHOLDED_RELU, "alpha", 1);
    r.add(
        "HardSigmoid",
        Mapping.floats(
            a -> a.x(0).map(HARD_SIGMOID, a.number("alpha", 0.2f), a.number("beta", 0.5f))));
    r.add(
        "Selu",
        Mapping.floats(
            a -> a.x(0).map(SELU, a.number("alpha", 1.6732632f), a.number("gamma", 1.050701f))));
    r.add(
        "Shrink",
        Mapping.floats(a -> a.x(0).map(SHRINK, a.number("lambd", 0.5f), a.number("bias", 0))));
    r.add("PRelu", Mapping.floats(Elementwise::prelu));
    r.add("Clip", Elementwise::clip);
    r.add("IsNaN", a -> single(Value.of(isNaN(a.x(0)), OnnxType.BOOL)));
    r.add("IsInf", a -> single(Value.of(isInfinite(a), OnnxType.BOOL)));
    one(r, "Swish", SWISH, "alpha", 1);
    r.add("Identity", a -> single(a.value(0)));
    r.add("Dropout", Elementwise::dropout);
  }

  private static Value[] single(Value v) {
    return new Value[] {v};
  }

  private static void plain(Operators.Registry r, String name, Formula f) {
    r.add(name, Mapping.floats(a -> a.x(0).map(f)));
  }

  /** A function that no model is slow for: in double precision, element by element. */
  private static void exact(Operators.Registry r, String name, DoubleUnaryOperator f) {
    PlainOp.Body body =
        (in, out) -> {
          long n = 4 * out[0].size();
          for (long i = 0; i < n; i += 4) {
            double x = Vectors.get(in[0].address() + i);
            Vectors.set(out[0].address() + i, (float) f.applyAsDouble(x));
          }
        };
    r.add(name, Mapping.floats(a -> PlainOp.floats(name, a.shape(0), body, a.x(0))));
  }

  private static void one(
      Operators.Registry r, String name, Formula f, String parameter, float otherwise) {
    r.add(name, Mapping.floats(a -> a.x(0).map(f, a.number(parameter, otherwise))));
  }

  private static Value scalar(long v, OnnxType type) {
    return Value.ofLongs(new long[] {v}, Shape.SCALAR, type);
  }

  private static Mapping signed(Formula f, IntegerKind kind, long operand) {
    return a -> {
      Value v = a.value(0);
      return single(
          v.isFloat()
              ? Value.of(v.tensor().map(f), OnnxType.FLOAT)
              : Arithmetic.integers(kind, v, scalar(operand, v.type())));
    };
  }

  private static Value[] abs(Call a) {
    Value v = a.value(0);
    if (v.isFloat()) {
      return single(Value.of(v.tensor().abs(), OnnxType.FLOAT));
    }
    Value minus = Arithmetic.integers(IntegerKind.MUL, v, scalar(-1, v.type()));
    return single(Arithmetic.integers(IntegerKind.MAX, v, minus));
  }

  private static Value[] sign(Call a) {
    Value v = a.value(0);
    if (v.isFloat()) {
      return single(Value.of(v.tensor().map(Unary.SIGN), OnnxType.FLOAT));
    }
    Value low = Arithmetic.integers(IntegerKind.MAX, v, scalar(-1, v.type()));
    return single(Arithmetic.integers(IntegerKind.MIN, low, scalar(1, v.type())));
  }

  /** Up to operator set 6 the slopes are a vector over channels, from then on they broadcast. */
  private static Tensor prelu(Call a) {
    Tensor slope = a.x(1);
    for (int i = 2; a.opset() < 7 && slope.size() > 1 && i < a.rank(0); i++) {
      slope = slope.unsqueeze(slope.rank());
    }
    return Tensor.apply(new Pointwise(PRELU), a.x(0), slope);
  }

  private static Tensor gelu(Call a) {
    return a.x(0).map(a.text("approximate", "none").equals("tanh") ? Unary.GELU_TANH : Unary.GELU);
  }

  /** The limits are attributes up to operator set 10, inputs from then on. */
  private static Value[] clip(Call a) {
    Value v = a.value(0);
    if (a.opset() < 11) {
      float low = a.number("min", -Float.MAX_VALUE);
      float high = a.number("max", Float.MAX_VALUE);
      return single(Value.of(a.x(0).clamp(low, high), OnnxType.FLOAT));
    }
    if (!v.isFloat()) {
      Value low = a.has(1) ? Arithmetic.integers(IntegerKind.MAX, v, a.value(1)) : v;
      return single(a.has(2) ? Arithmetic.integers(IntegerKind.MIN, low, a.value(2)) : low);
    }
    Tensor x = v.tensor();
    boolean known = (!a.has(1) || !a.value(1).dynamic()) && (!a.has(2) || !a.value(2).dynamic());
    if (known) {
      float low = a.has(1) ? a.value(1).number() : Float.NEGATIVE_INFINITY;
      float high = a.has(2) ? a.value(2).number() : Float.POSITIVE_INFINITY;
      return single(Value.of(x.max(Value.constant(low)).min(Value.constant(high)), v.type()));
    }
    Tensor low = a.has(1) ? x.max(a.tensor(1)) : x;
    return single(Value.of(a.has(2) ? low.min(a.tensor(2)) : low, v.type()));
  }

  private static Tensor isNaN(Tensor x) {
    return Tensor.apply(Compare.NE, x, x);
  }

  private static Tensor isInfinite(Call a) {
    Tensor infinity = Value.constant(Float.POSITIVE_INFINITY);
    boolean positive = a.flag("detect_positive", true);
    boolean negative = a.flag("detect_negative", true);
    Tensor x = a.x(0);
    if (positive && negative) {
      return x.abs().eq(infinity);
    }
    if (!positive && !negative) {
      throw a.unsupported("neither infinity");
    }
    return (positive ? x : x.neg()).eq(infinity);
  }

  private static Value[] dropout(Call a) {
    boolean training = a.has(2) && a.value(2).longs()[0] != 0;
    if (training && !(a.has(1) && a.value(1).number() == 0)) {
      throw a.unsupported("training mode");
    }
    Value all = Value.of(Tensor.of(ones(a.shape(0)), a.shape(0)).copy(), OnnxType.BOOL);
    return a.wants(1) ? new Value[] {a.value(0), all} : single(a.value(0));
  }

  private static int[] ones(Shape s) {
    int[] v = new int[Math.toIntExact(s.size())];
    java.util.Arrays.fill(v, 1);
    return v;
  }

  static Tensor toFloat(Value v) {
    return Casts.toFloat(v);
  }

  static Value cast(Value v, OnnxType to) {
    return Casts.cast(v, to, true);
  }
}
