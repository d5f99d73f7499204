package dev.harpia.models.cli;

import dev.harpia.simd.Kernel;
import dev.harpia.simd.KernelCompiler;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.Formula;
import dev.harpia.tensor.op.Binary;
import dev.harpia.tensor.op.Pointwise;
import dev.harpia.tensor.op.Unary;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * The elementwise kernels: what the tensor functions compile to, forward and backward, each with
 * the vector instructions of one turn of its loop.
 */
final class KernelListing {
  private static final List<Formula> FUNCTIONS =
      List.of(
          Unary.NEG,
          Unary.ABS,
          Unary.SIGN,
          Unary.SQUARE,
          Unary.SQRT,
          Unary.RSQRT,
          Unary.RECIPROCAL,
          Unary.EXP,
          Unary.EXPM1,
          Unary.LOG,
          Unary.LOG1P,
          Unary.SIN,
          Unary.COS,
          Unary.TAN,
          Unary.SINH,
          Unary.COSH,
          Unary.TANH,
          Unary.ATAN,
          Unary.ERF,
          Unary.FLOOR,
          Unary.CEIL,
          Unary.ROUND,
          Unary.ADD_SCALAR,
          Unary.MUL_SCALAR,
          Unary.DIV_SCALAR,
          Unary.POW_SCALAR,
          Unary.CLAMP,
          Unary.RELU,
          Unary.RELU6,
          Unary.SIGMOID,
          Unary.GELU,
          Unary.GELU_TANH,
          Unary.SILU,
          Unary.SOFTPLUS,
          Unary.DROPOUT,
          Binary.MASKED_FILL);

  private static final List<Pointwise> OPERATIONS =
      List.of(
          Binary.ADD,
          Binary.SUB,
          Binary.MUL,
          Binary.DIV,
          Binary.POW,
          Binary.MAX,
          Binary.MIN,
          Binary.WHERE);

  private static final int WIDTH = 100;

  private KernelListing() {}

  /** A line for each kernel, by name. */
  static String text() {
    FUNCTIONS.forEach(KernelListing::compile);
    OPERATIONS.forEach(operation -> compile(operation.formula()));
    StringBuilder out =
        new StringBuilder(
            String.format(
                Locale.ROOT, "%-18s %10s  %s%n", "kernel", "operations", "what it stores"));
    KernelCompiler.compiled().stream()
        .sorted(Comparator.comparing(Kernel::name))
        .forEach(
            kernel ->
                out.append(
                    String.format(
                        Locale.ROOT,
                        "%-18s %10d  %s%n",
                        kernel.name(),
                        kernel.operations(),
                        shortened(kernel.expressions().toString()))));
    return out.toString();
  }

  private static void compile(Formula formula) {
    formula.kernel();
    for (int i = 0; i < formula.arity(); i++) {
      if (formula.operand(i) == DType.F32) {
        formula.gradient(i);
      }
    }
  }

  private static String shortened(String expression) {
    return expression.length() <= WIDTH ? expression : expression.substring(0, WIDTH - 1) + "…";
  }
}
