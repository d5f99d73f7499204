package dev.harpia.nn.optim;

import dev.harpia.simd.Kernel;
import dev.harpia.simd.KernelCompiler;
import dev.harpia.tensor.Expr;
import dev.harpia.tensor.ExprKind;
import java.util.Arrays;

/**
 * A compiled loop that assigns to a parameter and its states, all in one pass:
 *
 * <pre>{@code
 * Expr velocity = kept(0).mul(coefficient(1)).add(GRADIENT);
 * UpdateKernel k = UpdateKernel.compile(
 *     "momentum", PARAMETER, velocity.fma(coefficient(0).neg(), PARAMETER), kept(0), velocity);
 * }</pre>
 *
 * <p>All values are read before any is written. Targets and what is read may be {@value
 * Kernel#ADDRESSES} together, counted separately, and there are seven coefficients.
 */
public final class UpdateKernel {
  /** The parameter's element. */
  public static final Expr PARAMETER = Expr.x(0);

  /** The gradient's element, clipped by norm and with the sign of minimisation. */
  public static final Expr GRADIENT = Expr.x(1).mul(Expr.p(0));

  final Kernel kernel;

  /** What each address of the kernel is: 0 the parameter, 1 the gradient, 2 + i state i. */
  final int[] operands;

  private UpdateKernel(Kernel kernel, int[] operands) {
    this.kernel = kernel;
    this.operands = operands;
  }

  /** The element of a state. */
  public static Expr kept(int i) {
    return Expr.x(2 + i);
  }

  /** A number that is given with each update. */
  public static Expr coefficient(int i) {
    return Expr.p(1 + i);
  }

  /**
   * What moves exponentially towards a value: {@code old + weight·(value − old)}. The weight, not
   * its complement to 1, is the coefficient: it is the smaller number, and keeps its digits.
   */
  static Expr towards(Expr old, Expr value, Expr weight) {
    return value.sub(old).fma(weight, old);
  }

  /**
   * Compiles assignments.
   *
   * @param name what profilers show
   * @param targetsAndValues a target ({@link #PARAMETER} or {@link #kept}), its value, the next
   *     target …
   */
  public static UpdateKernel compile(String name, Expr... targetsAndValues) {
    int outputs = targetsAndValues.length / 2;
    Expr[] values = new Expr[outputs];
    int[] operands = new int[Kernel.ADDRESSES + 1];
    for (int i = 0; i < outputs; i++) {
      operands[Math.min(i, Kernel.ADDRESSES)] = targetsAndValues[2 * i].index();
      values[i] = targetsAndValues[2 * i + 1];
    }
    boolean[] read = new boolean[2 + Kernel.ADDRESSES];
    for (Expr value : values) {
      mark(value, read);
    }
    Expr[] renumbered = new Expr[read.length];
    int inputs = 0;
    for (int i = 0; i < read.length; i++) {
      renumbered[i] = Expr.x(inputs);
      if (read[i]) {
        operands[Math.min(outputs + inputs++, Kernel.ADDRESSES)] = i;
      }
    }
    for (int i = 0; i < outputs; i++) {
      values[i] = values[i].compose(renumbered);
    }
    Kernel kernel = KernelCompiler.compile(name, values); // refuses too many addresses
    return new UpdateKernel(kernel, Arrays.copyOf(operands, outputs + inputs));
  }

  private static void mark(Expr e, boolean[] read) {
    if (e.kind() == ExprKind.INPUT) {
      read[e.index()] = true;
    }
    for (int i = 0; i < e.kind().arity(); i++) {
      mark(e.arg(i), read);
    }
  }

  @Override
  public String toString() {
    return kernel.toString();
  }
}
