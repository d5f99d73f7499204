package dev.harpia.tensor;

import java.util.Map;

/**
 * An elementwise operation as an immutable expression: one definition gives the vector kernel, the
 * derivative and the double-precision oracle of the tests.
 *
 * <pre>{@code
 * Expr x = Expr.x(0);
 * Expr swish = x.mul(x.sigmoid());      // a new activation
 * Expr slope = swish.derivative(0);     // its derivative with respect to input 0
 * }</pre>
 *
 * <p>Conventions are PyTorch's: {@code max} and {@code min} propagate NaN, and gradients at ties
 * split evenly; the derivative of {@code abs} at 0 is 0; comparisons with NaN are false. Values are
 * float32 in kernels; {@link #eval} computes the same tree in double precision. Further functions
 * are in {@link Activations}.
 */
public final class Expr {
  private static final Expr[] NONE = {};
  private static final Expr ZERO = new Expr(ExprKind.CONSTANT, 0, 0, NONE);
  private static final Expr ONE = new Expr(ExprKind.CONSTANT, 0, 1, NONE);

  private final ExprKind kind;
  private final int index;
  private final double value;
  private final Expr[] args;

  private Expr(ExprKind kind, int index, double value, Expr[] args) {
    this.kind = kind;
    this.index = index;
    this.value = value;
    this.args = args;
  }

  private static Expr leaf(ExprKind kind, int index) {
    if (index < 0) {
      throw new IllegalArgumentException("Expr: index " + index + ": must not be negative");
    }
    return new Expr(kind, index, 0, NONE);
  }

  private static Expr of(ExprKind kind, Expr... args) {
    Expr e = new Expr(kind, 0, 0, args);
    for (Expr a : args) {
      if (a.kind != ExprKind.CONSTANT) {
        return e;
      }
    }
    return c(e.eval(new double[0], new double[0]));
  }

  /** The element of input {@code i}. */
  public static Expr x(int i) {
    return leaf(ExprKind.INPUT, i);
  }

  /** The element of input {@code i}, an I32 tensor, converted to float (exact up to 2^24). */
  public static Expr xi(int i) {
    return leaf(ExprKind.INT_INPUT, i);
  }

  /** Scalar parameter {@code i}, given at each call of the kernel. */
  public static Expr p(int i) {
    return leaf(ExprKind.PARAMETER, i);
  }

  /** A constant; kernels round it to float32. */
  public static Expr c(double value) {
    if (Double.doubleToRawLongBits(value) == 0) {
      return ZERO;
    }
    return value == 1 ? ONE : new Expr(ExprKind.CONSTANT, 0, value, NONE);
  }

  /**
   * A random draw from U[0, 1), a multiple of 2^-23, fixed by the call's seed, {@code stream} and
   * the element's index: so the same for forward and backward passes and for any split of the loop.
   * The index counts modulo 2^32.
   */
  public static Expr uniform(int stream) {
    return leaf(ExprKind.UNIFORM, stream);
  }

  /** What this node computes. */
  public ExprKind kind() {
    return kind;
  }

  /** The number of an input, parameter or random stream. */
  public int index() {
    return index;
  }

  /** The value of a constant. */
  public double value() {
    return value;
  }

  /** Operand {@code i}. */
  public Expr arg(int i) {
    return args[i];
  }

  /** Whether this is the constant {@code v}. */
  boolean is(double v) {
    return kind == ExprKind.CONSTANT && value == v;
  }

  public Expr add(Expr b) {
    return of(ExprKind.ADD, this, b);
  }

  public Expr add(double b) {
    return add(c(b));
  }

  public Expr sub(Expr b) {
    return of(ExprKind.SUB, this, b);
  }

  public Expr sub(double b) {
    return sub(c(b));
  }

  public Expr mul(Expr b) {
    return is(1) ? b : b.is(1) ? this : of(ExprKind.MUL, this, b);
  }

  public Expr mul(double b) {
    return mul(c(b));
  }

  public Expr div(Expr b) {
    return b.is(1) ? this : of(ExprKind.DIV, this, b);
  }

  public Expr div(double b) {
    return div(c(b));
  }

  /** {@code this·b + c} with one rounding. */
  public Expr fma(Expr b, Expr c) {
    return of(ExprKind.FMA, this, b, c);
  }

  public Expr neg() {
    return kind == ExprKind.NEG ? args[0] : of(ExprKind.NEG, this);
  }

  public Expr abs() {
    return of(ExprKind.ABS, this);
  }

  /** The larger one; NaN if either is NaN. */
  public Expr max(Expr b) {
    return of(ExprKind.MAX, this, b);
  }

  public Expr max(double b) {
    return max(c(b));
  }

  /** The smaller one; NaN if either is NaN. */
  public Expr min(Expr b) {
    return of(ExprKind.MIN, this, b);
  }

  public Expr min(double b) {
    return min(c(b));
  }

  public Expr square() {
    return mul(this);
  }

  public Expr sqrt() {
    return of(ExprKind.SQRT, this);
  }

  /** 1/√x. */
  public Expr rsqrt() {
    return ONE.div(sqrt());
  }

  public Expr reciprocal() {
    return ONE.div(this);
  }

  public Expr exp() {
    return of(ExprKind.EXP, this);
  }

  /** eˣ − 1, accurate near 0. */
  public Expr expm1() {
    return of(ExprKind.EXPM1, this);
  }

  public Expr log() {
    return of(ExprKind.LOG, this);
  }

  /** ln(1 + x), accurate near 0. */
  public Expr log1p() {
    return of(ExprKind.LOG1P, this);
  }

  public Expr log2() {
    return log().mul(1 / Math.log(2));
  }

  public Expr tanh() {
    return of(ExprKind.TANH, this);
  }

  /** 1/(1 + e⁻ˣ). */
  public Expr sigmoid() {
    return of(ExprKind.SIGMOID, this);
  }

  /** ln(1 + eˣ), without overflow. */
  public Expr softplus() {
    return of(ExprKind.SOFTPLUS, this);
  }

  public Expr erf() {
    return of(ExprKind.ERF, this);
  }

  /** Φ(x) = ½·erfc(−x/√2), accurate in the lower tail. */
  public Expr normalCdf() {
    return of(ExprKind.NORMAL_CDF, this);
  }

  /** sin x for |x| ≤ 6.5e6; NaN beyond, where a float32 argument no longer fixes the phase. */
  public Expr sin() {
    return of(ExprKind.SIN, this);
  }

  /** cos x for |x| ≤ 6.5e6; NaN beyond, where a float32 argument no longer fixes the phase. */
  public Expr cos() {
    return of(ExprKind.COS, this);
  }

  public Expr tan() {
    return sin().div(cos());
  }

  public Expr sinh() {
    return of(ExprKind.SINH, this);
  }

  public Expr cosh() {
    return of(ExprKind.COSH, this);
  }

  public Expr atan() {
    return of(ExprKind.ATAN, this);
  }

  public Expr floor() {
    return of(ExprKind.FLOOR, this);
  }

  public Expr ceil() {
    return of(ExprKind.CEIL, this);
  }

  /** The nearest integer, halves to even. */
  public Expr round() {
    return of(ExprKind.ROUND, this);
  }

  public Expr trunc() {
    return of(ExprKind.TRUNC, this);
  }

  /** −1, 0 or 1; 0 for NaN. */
  public Expr sign() {
    return gt(ZERO, ONE, lt(ZERO, c(-1), ZERO));
  }

  /** xʸ with the special cases of C's {@code pow}. */
  public Expr pow(Expr y) {
    return y.kind == ExprKind.CONSTANT ? pow(y.value) : of(ExprKind.POW, this, y);
  }

  /** x to a constant power; small whole and half exponents without logarithms. */
  public Expr pow(double y) {
    if (y == 0.5) {
      return sqrt();
    } else if (y == -0.5) {
      return rsqrt();
    } else if (y == Math.rint(y) && Math.abs(y) <= 4) {
      // the reciprocal first: a small power's would lose its denormal bits
      return (y < 0 ? reciprocal() : this).power((int) Math.abs(y));
    }
    return of(ExprKind.POW, this, c(y));
  }

  private Expr power(int n) {
    return switch (n) {
      case 0 -> ONE;
      case 1 -> this;
      default -> n % 2 == 0 ? power(n / 2).square() : power(n - 1).mul(this);
    };
  }

  /** {@code this < b ? then : otherwise}. */
  public Expr lt(Expr b, Expr then, Expr otherwise) {
    return of(ExprKind.SELECT_LT, this, b, then, otherwise);
  }

  /** {@code this <= b ? then : otherwise}. */
  public Expr le(Expr b, Expr then, Expr otherwise) {
    return of(ExprKind.SELECT_LE, this, b, then, otherwise);
  }

  /** {@code this > b ? then : otherwise}. */
  public Expr gt(Expr b, Expr then, Expr otherwise) {
    return b.lt(this, then, otherwise);
  }

  /** {@code this >= b ? then : otherwise}. */
  public Expr ge(Expr b, Expr then, Expr otherwise) {
    return b.le(this, then, otherwise);
  }

  /** {@code this == b ? then : otherwise}. */
  public Expr eq(Expr b, Expr then, Expr otherwise) {
    return of(ExprKind.SELECT_EQ, this, b, then, otherwise);
  }

  /** {@code this != b ? then : otherwise}. */
  public Expr ne(Expr b, Expr then, Expr otherwise) {
    return of(ExprKind.SELECT_NE, this, b, then, otherwise);
  }

  /** {@code this} is NaN {@code ? then : otherwise}. */
  public Expr isNaN(Expr then, Expr otherwise) {
    return ne(this, then, otherwise);
  }

  /** This expression with input {@code i} replaced by {@code inputs[i]}. */
  public Expr compose(Expr... inputs) {
    return ExprCompose.compose(this, inputs);
  }

  /** This expression with nodes (by identity) replaced by others. */
  public Expr replace(Map<Expr, Expr> replacements) {
    return ExprCompose.replace(this, replacements);
  }

  /** An equal node with other operands. */
  Expr with(Expr... operands) {
    return switch (kind) {
      case MUL -> operands[0].mul(operands[1]);
      case POW -> operands[0].pow(operands[1]);
      default -> kind.arity() == 0 ? this : of(kind, operands);
    };
  }

  /** The derivative with respect to input {@code i}. */
  public Expr derivative(int i) {
    return new ExprDerivative(ExprKind.INPUT, i).of(this);
  }

  /** The value in double precision: the oracle of the kernels' tests. */
  public double eval(double[] inputs, double[] parameters) {
    return ExprEval.eval(this, inputs, parameters, 0, 0);
  }

  /** The value in double precision at element {@code index} of a call with {@code seed}. */
  public double eval(double[] inputs, double[] parameters, long seed, long index) {
    return ExprEval.eval(this, inputs, parameters, seed, index);
  }

  /** How many distinct operations the expression has; leaves count nothing. */
  public int operations() {
    return ExprPrinter.operations(this);
  }

  @Override
  public String toString() {
    return ExprPrinter.print(this);
  }
}
