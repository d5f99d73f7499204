package dev.harpia.tensor;

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
  /** What a node of an expression computes. */
  public enum Kind {
    INPUT(0), INT_INPUT(0), PARAMETER(0), CONSTANT(0), UNIFORM(0),
    ADD(2), SUB(2), MUL(2), DIV(2), FMA(3), NEG(1), ABS(1), SQRT(1), MAX(2), MIN(2),
    EXP(1), EXPM1(1), LOG(1), LOG1P(1), POW(2),
    TANH(1), SIGMOID(1), SOFTPLUS(1), ERF(1), NORMAL_CDF(1), SIN(1), COS(1), SINH(1), COSH(1), ATAN(1),
    FLOOR(1), CEIL(1), ROUND(1), TRUNC(1),
    SELECT_LT(4), SELECT_LE(4), SELECT_EQ(4), SELECT_NE(4);

    private final int arity;

    Kind(int arity) {
      this.arity = arity;
    }

    /** How many operands it has. */
    public int arity() {
      return arity;
    }
  }

  private static final Expr[] NONE = {};
  private static final Expr ZERO = new Expr(Kind.CONSTANT, 0, 0, NONE);
  private static final Expr ONE = new Expr(Kind.CONSTANT, 0, 1, NONE);

  private final Kind kind;
  private final int index;
  private final double value;
  private final Expr[] args;

  private Expr(Kind kind, int index, double value, Expr[] args) {
    this.kind = kind;
    this.index = index;
    this.value = value;
    this.args = args;
  }

  private static Expr leaf(Kind kind, int index) {
    if (index < 0) {
      throw new IllegalArgumentException("Expr: index " + index + ": must not be negative");
    }
    return new Expr(kind, index, 0, NONE);
  }

  private static Expr of(Kind kind, Expr... args) {
    Expr e = new Expr(kind, 0, 0, args);
    for (Expr a : args) {
      if (a.kind != Kind.CONSTANT) {
        return e;
      }
    }
    return c(e.eval(new double[0], new double[0]));
  }

  /** The element of input {@code i}. */
  public static Expr x(int i) {
    return leaf(Kind.INPUT, i);
  }

  /** The element of input {@code i}, an I32 tensor, converted to float (exact up to 2^24). */
  public static Expr xi(int i) {
    return leaf(Kind.INT_INPUT, i);
  }

  /** Scalar parameter {@code i}, given at each call of the kernel. */
  public static Expr p(int i) {
    return leaf(Kind.PARAMETER, i);
  }

  /** A constant; kernels round it to float32. */
  public static Expr c(double value) {
    if (Double.doubleToRawLongBits(value) == 0) {
      return ZERO;
    }
    return value == 1 ? ONE : new Expr(Kind.CONSTANT, 0, value, NONE);
  }

  /**
   * A random draw from U[0, 1), a multiple of 2^-23, fixed by the call's seed, {@code stream} and
   * the element's index: so the same for forward and backward passes and for any split of the loop.
   * The index counts modulo 2^32.
   */
  public static Expr uniform(int stream) {
    return leaf(Kind.UNIFORM, stream);
  }

  /** What this node computes. */
  public Kind kind() {
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
    return kind == Kind.CONSTANT && value == v;
  }

  public Expr add(Expr b) {
    return of(Kind.ADD, this, b);
  }

  public Expr add(double b) {
    return add(c(b));
  }

  public Expr sub(Expr b) {
    return of(Kind.SUB, this, b);
  }

  public Expr sub(double b) {
    return sub(c(b));
  }

  public Expr mul(Expr b) {
    return is(1) ? b : b.is(1) ? this : of(Kind.MUL, this, b);
  }

  public Expr mul(double b) {
    return mul(c(b));
  }

  public Expr div(Expr b) {
    return b.is(1) ? this : of(Kind.DIV, this, b);
  }

  public Expr div(double b) {
    return div(c(b));
  }

  /** {@code this·b + c} with one rounding. */
  public Expr fma(Expr b, Expr c) {
    return of(Kind.FMA, this, b, c);
  }

  public Expr neg() {
    return kind == Kind.NEG ? args[0] : of(Kind.NEG, this);
  }

  public Expr abs() {
    return of(Kind.ABS, this);
  }

  /** The larger one; NaN if either is NaN. */
  public Expr max(Expr b) {
    return of(Kind.MAX, this, b);
  }

  public Expr max(double b) {
    return max(c(b));
  }

  /** The smaller one; NaN if either is NaN. */
  public Expr min(Expr b) {
    return of(Kind.MIN, this, b);
  }

  public Expr min(double b) {
    return min(c(b));
  }

  public Expr square() {
    return mul(this);
  }

  public Expr sqrt() {
    return of(Kind.SQRT, this);
  }

  /** 1/√x. */
  public Expr rsqrt() {
    return ONE.div(sqrt());
  }

  public Expr reciprocal() {
    return ONE.div(this);
  }

  public Expr exp() {
    return of(Kind.EXP, this);
  }

  /** eˣ − 1, accurate near 0. */
  public Expr expm1() {
    return of(Kind.EXPM1, this);
  }

  public Expr log() {
    return of(Kind.LOG, this);
  }

  /** ln(1 + x), accurate near 0. */
  public Expr log1p() {
    return of(Kind.LOG1P, this);
  }

  public Expr log2() {
    return log().mul(1 / Math.log(2));
  }

  public Expr tanh() {
    return of(Kind.TANH, this);
  }

  /** 1/(1 + e⁻ˣ). */
  public Expr sigmoid() {
    return of(Kind.SIGMOID, this);
  }

  /** ln(1 + eˣ), without overflow. */
  public Expr softplus() {
    return of(Kind.SOFTPLUS, this);
  }

  public Expr erf() {
    return of(Kind.ERF, this);
  }

  /** Φ(x) = ½·erfc(−x/√2), accurate in the lower tail. */
  public Expr normalCdf() {
    return of(Kind.NORMAL_CDF, this);
  }

  /** sin x for |x| ≤ 6.5e6; NaN beyond, where a float32 argument no longer fixes the phase. */
  public Expr sin() {
    return of(Kind.SIN, this);
  }

  /** cos x for |x| ≤ 6.5e6; NaN beyond, where a float32 argument no longer fixes the phase. */
  public Expr cos() {
    return of(Kind.COS, this);
  }

  public Expr tan() {
    return sin().div(cos());
  }

  public Expr sinh() {
    return of(Kind.SINH, this);
  }

  public Expr cosh() {
    return of(Kind.COSH, this);
  }

  public Expr atan() {
    return of(Kind.ATAN, this);
  }

  public Expr floor() {
    return of(Kind.FLOOR, this);
  }

  public Expr ceil() {
    return of(Kind.CEIL, this);
  }

  /** The nearest integer, halves to even. */
  public Expr round() {
    return of(Kind.ROUND, this);
  }

  public Expr trunc() {
    return of(Kind.TRUNC, this);
  }

  /** −1, 0 or 1; 0 for NaN. */
  public Expr sign() {
    return gt(ZERO, ONE, lt(ZERO, c(-1), ZERO));
  }

  /** xʸ with the special cases of C's {@code pow}. */
  public Expr pow(Expr y) {
    return y.kind == Kind.CONSTANT ? pow(y.value) : of(Kind.POW, this, y);
  }

  /** x to a constant power; small whole and half exponents without logarithms. */
  public Expr pow(double y) {
    if (y == 0.5) {
      return sqrt();
    } else if (y == -0.5) {
      return rsqrt();
    } else if (y == Math.rint(y) && Math.abs(y) <= 4) {
      Expr r = power((int) Math.abs(y));
      return y < 0 ? r.reciprocal() : r;
    }
    return of(Kind.POW, this, c(y));
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
    return of(Kind.SELECT_LT, this, b, then, otherwise);
  }

  /** {@code this <= b ? then : otherwise}. */
  public Expr le(Expr b, Expr then, Expr otherwise) {
    return of(Kind.SELECT_LE, this, b, then, otherwise);
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
    return of(Kind.SELECT_EQ, this, b, then, otherwise);
  }

  /** {@code this != b ? then : otherwise}. */
  public Expr ne(Expr b, Expr then, Expr otherwise) {
    return of(Kind.SELECT_NE, this, b, then, otherwise);
  }

  /** {@code this} is NaN {@code ? then : otherwise}. */
  public Expr isNaN(Expr then, Expr otherwise) {
    return ne(this, then, otherwise);
  }

  /** This expression with input {@code i} replaced by {@code inputs[i]}. */
  public Expr compose(Expr... inputs) {
    return ExprCompose.compose(this, inputs);
  }

  /** An equal node with other operands. */
  Expr with(Expr... operands) {
    return switch (kind) {
      case MUL -> operands[0].mul(operands[1]);
      case POW -> operands[0].pow(operands[1]);
      default -> kind.arity == 0 ? this : of(kind, operands);
    };
  }

  /** The derivative with respect to input {@code i}. */
  public Expr derivative(int i) {
    return new ExprDerivative(Kind.INPUT, i).of(this);
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
