package dev.harpia.tensor;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Set;

/** Text and size of expressions. */
final class ExprPrinter {
  /**
   * Shared parts are written out at each use, so that a deep tree's text could grow without end.
   */
  private static final int LONGEST = 2000;

  private ExprPrinter() {}

  static int operations(Expr root) {
    Set<Expr> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Expr> open = new ArrayDeque<>();
    open.push(root);
    int count = 0;
    while (!open.isEmpty()) {
      Expr e = open.pop();
      if (e.kind().arity() > 0 && seen.add(e)) {
        count++;
        for (int i = 0; i < e.kind().arity(); i++) {
          open.push(e.arg(i));
        }
      }
    }
    return count;
  }

  static String print(Expr e) {
    StringBuilder out = new StringBuilder();
    print(e, out);
    return out.length() < LONGEST ? out.toString() : out.substring(0, LONGEST) + "…";
  }

  private static void print(Expr e, StringBuilder out) {
    if (out.length() >= LONGEST) {
      return;
    }
    switch (e.kind()) {
      case INPUT -> out.append('x').append(e.index());
      case INT_INPUT -> out.append("float(i").append(e.index()).append(')');
      case PARAMETER -> out.append('p').append(e.index());
      case CONSTANT -> constant(e.value(), out);
      case UNIFORM -> out.append("uniform(").append(e.index()).append(')');
      case ADD -> infix(e, " + ", out);
      case SUB -> infix(e, " - ", out);
      case MUL -> infix(e, " * ", out);
      case DIV -> infix(e, " / ", out);
      case SELECT_LT -> select(e, " < ", out);
      case SELECT_LE -> select(e, " <= ", out);
      case SELECT_EQ -> select(e, " == ", out);
      case SELECT_NE -> select(e, " != ", out);
      default -> call(e, out);
    }
  }

  private static void constant(double v, StringBuilder out) {
    if (v == Math.rint(v) && Math.abs(v) < 1e6) {
      out.append((int) v);
    } else {
      out.append((float) v);
    }
  }

  private static void infix(Expr e, String operator, StringBuilder out) {
    out.append('(');
    print(e.arg(0), out);
    out.append(operator);
    print(e.arg(1), out);
    out.append(')');
  }

  private static void select(Expr e, String comparison, StringBuilder out) {
    infix(e, comparison, out.append('('));
    out.append(" ? ");
    print(e.arg(2), out);
    out.append(" : ");
    print(e.arg(3), out);
    out.append(')');
  }

  private static void call(Expr e, StringBuilder out) {
    out.append(e.kind().name().toLowerCase(Locale.ROOT));
    char separator = '(';
    for (int i = 0; i < e.kind().arity(); i++) {
      out.append(separator);
      print(e.arg(i), out);
      separator = ',';
    }
    out.append(')');
  }
}
