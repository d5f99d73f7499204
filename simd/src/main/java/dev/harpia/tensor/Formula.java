package dev.harpia.tensor;

import dev.harpia.simd.Kernel;
import dev.harpia.simd.KernelCompiler;
import java.util.ArrayDeque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A named elementwise function: an expression over the elements of its operands, from which the
 * forward kernel and the gradients' kernels are compiled when first used. A new activation takes
 * two lines:
 *
 * <pre>{@code
 * static final Formula SWISH2 = Formula.of("swish2", x -> x.mul(x.mul(2).sigmoid()));
 * Tensor y = t.map(SWISH2);
 * }</pre>
 */
public final class Formula {
  private final String name;
  private final Expr expr;
  private final DType[] operands;
  private final int parameters;
  private final boolean draws;
  private final @Nullable Kernel[] gradients;
  private final Expr[] slopes;
  private volatile @Nullable Kernel forward;

  private Formula(String name, Expr expr) {
    this.name = name;
    this.expr = expr;
    Leaves leaves = new Leaves(expr);
    this.operands = leaves.operands();
    this.parameters = leaves.parameters;
    this.draws = leaves.draws;
    this.gradients = new Kernel[operands.length];
    this.slopes = new Expr[operands.length];
    for (int i = 0; i < operands.length; i++) {
      slopes[i] = operands[i] == DType.F32 ? expr.derivative(i) : Expr.c(0);
    }
  }

  /**
   * A function by its expression over {@code Expr.x(i)}, integer operands {@code Expr.xi(i)} and
   * parameters {@code Expr.p(i)}.
   */
  public static Formula of(String name, Expr expr) {
    return new Formula(name, expr);
  }

  /** A function of one operand. */
  public static Formula of(String name, UnaryOperator<Expr> f) {
    return new Formula(name, f.apply(Expr.x(0)));
  }

  /** The name that listings and profilers show. */
  public String name() {
    return name;
  }

  /** What it computes. */
  public Expr expr() {
    return expr;
  }

  /** How many operands it has. */
  public int arity() {
    return operands.length;
  }

  /** How many scalar parameters it has. */
  public int parameters() {
    return parameters;
  }

  /** Whether it draws random numbers. */
  public boolean draws() {
    return draws;
  }

  /** The type of operand {@code i}. */
  public DType operand(int i) {
    return operands[i];
  }

  /** The derivative with respect to operand {@code i}. */
  public Expr slope(int i) {
    return slopes[i];
  }

  /** The compiled loop: output, then operands. */
  public Kernel kernel() {
    Kernel k = forward;
    if (k == null) {
      k = KernelCompiler.compile(name, expr);
      forward = k;
    }
    return k;
  }

  /**
   * The compiled loop of operand i's gradient: output, then the operands, the function's value, the
   * value's gradient. The value is used where the derivative has it, as those of exp, tanh and
   * sigmoid do, so that it is not computed again.
   */
  public Kernel gradient(int i) {
    Kernel k = gradients[i];
    if (k == null) {
      Expr g = Expr.x(arity() + 1);
      k =
          KernelCompiler.compile(
              name + "_d" + i, g.mul(replaceValue(slopes[i], new IdentityHashMap<>())));
      gradients[i] = k;
    }
    return k;
  }

  private Expr replaceValue(Expr e, Map<Expr, Expr> done) {
    int n = e.kind().arity();
    if (e == expr && n > 0) {
      return Expr.x(arity());
    }
    if (n == 0) {
      return e;
    }
    Expr known = done.get(e);
    if (known != null) {
      return known;
    }
    Expr[] args = new Expr[n];
    boolean same = true;
    for (int i = 0; i < n; i++) {
      args[i] = replaceValue(e.arg(i), done);
      same &= args[i] == e.arg(i);
    }
    Expr result = same ? e : e.with(args);
    done.put(e, result);
    return result;
  }

  @Override
  public String toString() {
    return name + ": " + expr;
  }

  /** The operands and parameters that an expression mentions. */
  private static final class Leaves {
    private final Map<Expr, Boolean> seen = new IdentityHashMap<>();
    private final DType[] types = new DType[Kernel.ADDRESSES];
    private int arity;
    private int parameters;
    private boolean draws;

    Leaves(Expr root) {
      java.util.Arrays.fill(types, DType.F32);
      ArrayDeque<Expr> todo = new ArrayDeque<>();
      todo.add(root);
      while (!todo.isEmpty()) {
        Expr e = todo.pop();
        if (seen.put(e, true) == null) {
          note(e);
          for (int i = 0; i < e.kind().arity(); i++) {
            todo.push(e.arg(i));
          }
        }
      }
    }

    private void note(Expr e) {
      switch (e.kind()) {
        case INPUT -> arity = Math.max(arity, e.index() + 1);
        case INT_INPUT -> {
          arity = Math.max(arity, e.index() + 1);
          types[e.index()] = DType.I32;
        }
        case PARAMETER -> parameters = Math.max(parameters, e.index() + 1);
        case UNIFORM -> draws = true;
        default -> {}
      }
    }

    DType[] operands() {
      return java.util.Arrays.copyOf(types, arity);
    }
  }
}
