package dev.harpia.tensor;

import java.util.IdentityHashMap;
import java.util.Map;

/** Evaluation of an expression in double precision: the oracle against which kernels are tested. */
final class ExprEval {
  private final double[] inputs;
  private final double[] parameters;
  private final long seed;
  private final long index;
  private final Map<Expr, Double> memo = new IdentityHashMap<>();

  private ExprEval(double[] inputs, double[] parameters, long seed, long index) {
    this.inputs = inputs;
    this.parameters = parameters;
    this.seed = seed;
    this.index = index;
  }

  static double eval(Expr e, double[] inputs, double[] parameters, long seed, long index) {
    return new ExprEval(inputs, parameters, seed, index).of(e);
  }

  private double of(Expr e) {
    Double known = memo.get(e);
    if (known == null) {
      known = compute(e);
      memo.put(e, known);
    }
    return known;
  }

  private double compute(Expr e) {
    return switch (e.kind()) {
      case INPUT -> inputs[e.index()];
      case INT_INPUT -> inputs[e.index()];
      case PARAMETER -> parameters[e.index()];
      case CONSTANT -> e.value();
      case UNIFORM -> CounterRandom.uniform(seed, e.index(), index);
      case SELECT_LT -> of(e.arg(0)) < of(e.arg(1)) ? of(e.arg(2)) : of(e.arg(3));
      case SELECT_LE -> of(e.arg(0)) <= of(e.arg(1)) ? of(e.arg(2)) : of(e.arg(3));
      case SELECT_EQ -> of(e.arg(0)) == of(e.arg(1)) ? of(e.arg(2)) : of(e.arg(3));
      case SELECT_NE -> of(e.arg(0)) != of(e.arg(1)) ? of(e.arg(2)) : of(e.arg(3));
      case FMA -> of(e.arg(0)) * of(e.arg(1)) + of(e.arg(2));
      default ->
          e.kind().arity() == 1
              ? unary(e.kind(), of(e.arg(0)))
              : binary(e.kind(), of(e.arg(0)), of(e.arg(1)));
    };
  }

  private static double binary(ExprKind kind, double a, double b) {
    return switch (kind) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case DIV -> a / b;
      case MAX -> Math.max(a, b);
      case MIN -> Math.min(a, b);
      case POW -> a == 1 || a == -1 && Double.isInfinite(b) ? 1 : Math.pow(a, b); // C's rules
      default -> throw new IllegalStateException(kind.name());
    };
  }

  private static double unary(ExprKind kind, double a) {
    return switch (kind) {
      case NEG -> -a;
      case ABS -> Math.abs(a);
      case SQRT -> Math.sqrt(a);
      case EXP -> StrictMath.exp(a);
      case EXPM1 -> StrictMath.expm1(a);
      case LOG -> StrictMath.log(a);
      case LOG1P -> StrictMath.log1p(a);
      case TANH -> StrictMath.tanh(a);
      case SIGMOID ->
          a < 0 ? StrictMath.exp(a) / (1 + StrictMath.exp(a)) : 1 / (1 + StrictMath.exp(-a));
      case SOFTPLUS -> Math.max(a, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(a)));
      case ERF -> a < 0 ? -erf(-a) : a == 0 ? a : erf(a);
      case NORMAL_CDF -> normalCdf(a);
      case SIN -> StrictMath.sin(a);
      case COS -> StrictMath.cos(a);
      case SINH -> StrictMath.sinh(a);
      case COSH -> StrictMath.cosh(a);
      case ATAN -> StrictMath.atan(a);
      case FLOOR -> Math.floor(a);
      case CEIL -> Math.ceil(a);
      case ROUND -> Math.rint(a);
      case TRUNC -> a < 0 ? Math.ceil(a) : Math.floor(a);
      default -> throw new IllegalStateException(kind.name());
    };
  }

  private static double erf(double a) {
    return a < 2 ? erfSeries(a) : 1 - erfcFraction(a);
  }

  private static double normalCdf(double a) {
    double z = -a / Math.sqrt(2);
    if (z >= 2) {
      return 0.5 * erfcFraction(z);
    }
    return z > -2
        ? 0.5 - 0.5 * Math.signum(z) * erfSeries(Math.abs(z))
        : 1 - 0.5 * erfcFraction(-z);
  }

  /** erf z = 2/√π · e^(−z²) · Σ 2ⁿ z^(2n+1) / (2n+1)!!, all terms positive, for 0 ≤ z &lt; 2. */
  private static double erfSeries(double z) {
    double term = z;
    double sum = z;
    for (int n = 1; n < 80; n++) {
      term *= 2 * z * z / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * StrictMath.exp(-z * z) * sum;
  }

  /** erfc z = e^(−z²)/√π / (z + ½/(z + 1/(z + 1½/(z + …)))) for z ≥ 2. */
  private static double erfcFraction(double z) {
    if (z > 30) {
      return 0; // below the smallest double; NaN goes on
    }
    double f = z;
    for (int n = 160; n > 0; n--) {
      f = z + n * 0.5 / f;
    }
    return StrictMath.exp(-z * z) / Math.sqrt(Math.PI) / f;
  }
}
