package dev.harpia.tensor;

import java.util.IdentityHashMap;
import java.util.Map;

/** Substitution of nodes of an expression; shared parts stay shared. */
final class ExprCompose {
  private final Map<Expr, Expr> memo;

  private ExprCompose(Map<Expr, Expr> replacements) {
    this.memo = new IdentityHashMap<>(replacements);
  }

  static Expr replace(Expr e, Map<Expr, Expr> replacements) {
    return new ExprCompose(replacements).of(e);
  }

  static Expr compose(Expr e, Expr... inputs) {
    Map<Expr, Expr> replacements = new IdentityHashMap<>();
    collect(e, replacements, new IdentityHashMap<>(), inputs);
    return replace(e, replacements);
  }

  private static void collect(
      Expr e, Map<Expr, Expr> replacements, Map<Expr, Expr> seen, Expr... inputs) {
    if (seen.put(e, e) != null) {
      return;
    }
    if (e.kind() == ExprKind.INPUT && e.index() < inputs.length) {
      replacements.put(e, inputs[e.index()]);
    }
    for (int i = 0; i < e.kind().arity(); i++) {
      collect(e.arg(i), replacements, seen, inputs);
    }
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
    Expr[] operands = new Expr[e.kind().arity()];
    boolean changed = false;
    for (int i = 0; i < operands.length; i++) {
      operands[i] = of(e.arg(i));
      changed |= operands[i] != e.arg(i);
    }
    return changed ? e.with(operands) : e;
  }
}
