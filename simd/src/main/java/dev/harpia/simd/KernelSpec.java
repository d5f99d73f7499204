package dev.harpia.simd;

import dev.harpia.tensor.Expr;
import dev.harpia.tensor.ExprKind;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * What a kernel is to compute.
 *
 * @param name part of the class's name, for profilers
 * @param outputs one expression per output
 * @param broadcast bit i: input i is one element for the whole loop
 */
record KernelSpec(String name, List<Expr> outputs, int broadcast, Mode mode) {
  /** What happens to the values of the expressions. */
  enum Mode {
    /** Stored. */
    OVERWRITE(""),
    /** Added to what the outputs hold. */
    ACCUMULATE("_add"),
    /** Added up in one vector of partial sums per output. */
    SUM("_sum"),
    /** The same with four vectors per iteration, each with its own accumulator. */
    SUM4("_sum4");

    final String suffix;

    Mode(String suffix) {
      this.suffix = suffix;
    }
  }

  KernelSpec {
    outputs = List.copyOf(outputs);
    if (!name.matches("[A-Za-z0-9_]+")) {
      throw new IllegalArgumentException(
          "kernel '" + name + "': the name must consist of letters, digits and underscores");
    }
    if (outputs.isEmpty()) {
      throw new IllegalArgumentException("kernel " + name + ": no output");
    }
    int addresses = outputs.size() + highest(outputs, true);
    if (addresses > Kernel.ADDRESSES) {
      throw new IllegalArgumentException(
          "kernel "
              + name
              + ": "
              + outputs.size()
              + " outputs and "
              + (addresses - outputs.size())
              + " inputs: at most "
              + Kernel.ADDRESSES
              + " in all");
    }
    int parameters = highest(outputs, false);
    if (parameters > Kernel.PARAMETERS) {
      throw new IllegalArgumentException(
          "kernel " + name + ": " + parameters + " parameters: at most " + Kernel.PARAMETERS);
    }
  }

  int inputs() {
    return highest(outputs, true);
  }

  String fullName() {
    String mask = broadcast == 0 ? "" : "_b" + Integer.toBinaryString(broadcast);
    return "Kernel_" + name + mask + mode.suffix;
  }

  /** One more than the highest number of an input, or of a parameter. */
  private static int highest(List<Expr> roots, boolean inputs) {
    Set<Expr> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Expr> open = new ArrayDeque<>(roots);
    int count = 0;
    while (!open.isEmpty()) {
      Expr e = open.pop();
      if (!seen.add(e)) {
        continue;
      }
      boolean input = e.kind() == ExprKind.INPUT || e.kind() == ExprKind.INT_INPUT;
      if (inputs ? input : e.kind() == ExprKind.PARAMETER) {
        count = Math.max(count, e.index() + 1);
      }
      for (int i = 0; i < e.kind().arity(); i++) {
        open.push(e.arg(i));
      }
    }
    return count;
  }
}
