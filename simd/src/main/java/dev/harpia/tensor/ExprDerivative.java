package dev.harpia.tensor;

import java.util.IdentityHashMap;
import java.util.Map;

/**
 * The symbolic derivative of an expression with respect to one input, with PyTorch's conventions at
 * kinks and in forms that do not turn 0·∞ into NaN where PyTorch gives a number.
 */
final class ExprDerivative {
  private static final Expr ZERO = Expr.c(0);
  private static final Expr ONE = Expr.c(1);
  private final ExprKind leaf;
  private final int index;
  private final Map<Expr, Expr> memo = new IdentityHashMap<>();

  ExprDerivative(ExprKind leaf, int index) {
    this.leaf = leaf;
    this.index = index;
  }

  Expr of(Expr e) {
    Expr known = memo.get(e);
    if (known == null) {
      known = e.kind().arity() == 0 ? leafOf(e) : chain(e);
      memo.put(e, known);
    }
    return known;
  }

  private Expr leafOf(Expr e) {
    return e.kind() == leaf && e.index() == index ? ONE : ZERO;
  }

  private Expr chain(Expr e) {
    Expr a = e.arg(0);
    Expr da = of(a);
    return switch (e.kind()) {
      case ADD -> add(da, of(e.arg(1)));
      case SUB -> sub(da, of(e.arg(1)));
      case MUL -> add(mul(da, e.arg(1)), mul(of(e.arg(1)), a));
      case DIV -> sub(div(da, e.arg(1)), div(mul(of(e.arg(1)), e), e.arg(1)));
      case FMA -> add(add(mul(da, e.arg(1)), mul(of(e.arg(1)), a)), of(e.arg(2)));
      case NEG -> neg(da);
      case MAX -> extremum(e.arg(1), a, da, of(e.arg(1)));
      case MIN -> extremum(a, e.arg(1), da, of(e.arg(1)));
      case POW -> add(powBase(a, e.arg(1), da), powExponent(e, a, of(e.arg(1))));
      case SELECT_LT -> same(e) ? of(e.arg(2)) : a.lt(e.arg(1), of(e.arg(2)), of(e.arg(3)));
      case SELECT_LE -> same(e) ? of(e.arg(2)) : a.le(e.arg(1), of(e.arg(2)), of(e.arg(3)));
      case SELECT_EQ -> same(e) ? of(e.arg(2)) : a.eq(e.arg(1), of(e.arg(2)), of(e.arg(3)));
      case SELECT_NE -> same(e) ? of(e.arg(2)) : a.ne(e.arg(1), of(e.arg(2)), of(e.arg(3)));
      default -> da.is(0) ? ZERO : mul(da, slope(e, a));
    };
  }

  /** Whether both branches of a select have the derivative 0. */
  private boolean same(Expr e) {
    return of(e.arg(2)).is(0) && of(e.arg(3)).is(0);
  }

  /** d e / d a for the functions of one operand. */
  private static Expr slope(Expr e, Expr a) {
    return switch (e.kind()) {
      case ABS -> a.sign();
      case SQRT -> Expr.c(0.5).div(e);
      case EXP -> e;
      case EXPM1 -> e.add(ONE);
      case LOG -> a.reciprocal();
      case LOG1P -> a.add(ONE).reciprocal();
      case TANH -> ONE.sub(e.square());
      case SIGMOID -> e.mul(ONE.sub(e));
      case SOFTPLUS -> a.sigmoid();
      case ERF -> a.square().neg().exp().mul(2 / Math.sqrt(Math.PI));
      case NORMAL_CDF -> a.square().mul(-0.5).exp().mul(1 / Math.sqrt(2 * Math.PI));
      case SIN -> a.cos();
      case COS -> a.sin().neg();
      case SINH -> a.cosh();
      case COSH -> a.sinh();
      case ATAN -> a.square().add(ONE).reciprocal();
      case FLOOR, CEIL, ROUND, TRUNC -> ZERO;
      default -> throw new IllegalStateException("no derivative for " + e.kind());
    };
  }

  /** The derivative of max(low, high) in the argument order (high, low): ties split evenly. */
  private static Expr extremum(Expr low, Expr high, Expr da, Expr db) {
    if (da.is(0) && db.is(0)) {
      return ZERO;
    }
    return low.lt(high, da, high.lt(low, db, mul(Expr.c(0.5), add(da, db))));
  }

  /** b·a^(b−1), and 0 where b = 0, also at a = 0. */
  private static Expr powBase(Expr a, Expr b, Expr da) {
    if (da.is(0)) {
      return ZERO;
    }
    Expr slope = b.mul(a.pow(b.sub(ONE)));
    return mul(da, b.kind() == ExprKind.CONSTANT ? slope : b.eq(ZERO, ZERO, slope));
  }

  /** aᵇ·ln a, and 0 where a = 0 and b ≥ 0. */
  private static Expr powExponent(Expr e, Expr a, Expr db) {
    if (db.is(0)) {
      return ZERO;
    }
    Expr slope = e.mul(a.log());
    return mul(db, a.eq(ZERO, ZERO.le(e.arg(1), ZERO, slope), slope));
  }

  // 0·x is 0 here: a derivative that is zero for every input contributes nothing, whatever x is

  private static Expr add(Expr a, Expr b) {
    return a.is(0) ? b : b.is(0) ? a : a.add(b);
  }

  private static Expr sub(Expr a, Expr b) {
    return b.is(0) ? a : a.is(0) ? neg(b) : a.sub(b);
  }

  private static Expr mul(Expr a, Expr b) {
    return a.is(0) || b.is(0) ? ZERO : a.mul(b);
  }

  private static Expr div(Expr a, Expr b) {
    return a.is(0) ? ZERO : a.div(b);
  }

  private static Expr neg(Expr a) {
    return a.is(0) ? ZERO : a.neg();
  }
}
