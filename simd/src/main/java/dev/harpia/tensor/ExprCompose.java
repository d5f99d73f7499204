package dev.harpia.tensor;

import java.util.IdentityHashMap;
import java.util.Map;

/** Substitution of expressions for inputs; shared parts stay shared. */
final class ExprCompose {
  private final Expr[] inputs;
  private final Map<Expr, Expr> memo = new IdentityHashMap<>();

  private ExprCompose(Expr... inputs) {
    this.inputs = inputs;
  }

  static Expr compose(Expr e, Expr... inputs) {
    return new ExprCompose(inputs).of(e);
  }

  private Expr of(Expr e) {
    Expr known = memo.get(e);
    if (known == null) {
      known = rebuilt(e);
      memo.put(e, known);
    }
    return known;
  }

  private Expr rebuilt(Expr e) {
    if (e.kind() == ExprKind.INPUT && e.index() < inputs.length) {
      return inputs[e.index()];
    }
    Expr[] operands = new Expr[e.kind().arity()];
    boolean changed = false;
    for (int i = 0; i < operands.length; i++) {
      operands[i] = of(e.arg(i));
      changed |= operands[i] != e.arg(i);
    }
    return changed ? e.with(operands) : e;
  }
}
