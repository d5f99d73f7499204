package dev.harpia.simd;

import dev.harpia.simd.Graph.Opcode;
import dev.harpia.tensor.CounterRandom;
import dev.harpia.tensor.Expr;
import dev.harpia.tensor.ExprKind;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Translates expressions into vector instructions. */
final class Lowering {
  private final Graph graph = new Graph();
  private final Transcendentals functions = new Transcendentals(graph);
  private final Rounding rounding = new Rounding(graph);
  private final Map<Expr, Integer> memo = new IdentityHashMap<>();
  private final int outputs;

  /** Inputs follow the given number of outputs in the list of addresses. */
  private Lowering(int outputs) {
    this.outputs = outputs;
  }

  /** The instructions of a kernel, and the numbers of the nodes that it stores, one per output. */
  record Code(List<Graph.Node> nodes, List<Integer> results, int operations) {}

  static Code lower(List<Expr> expressions, boolean accumulate) {
    Lowering l = new Lowering(expressions.size());
    List<Integer> results = new ArrayList<>();
    for (int i = 0; i < expressions.size(); i++) {
      int value = l.of(expressions.get(i));
      results.add(accumulate ? l.graph.add(l.graph.leaf(Opcode.LOAD, i), value) : value);
    }
    return l.graph.code(results);
  }

  private int of(Expr e) {
    Integer known = memo.get(e);
    if (known == null) {
      known = e.kind().arity() == 0 ? leaf(e) : operation(e);
      memo.put(e, known);
    }
    return known;
  }

  private int leaf(Expr e) {
    return switch (e.kind()) {
      case INPUT -> graph.leaf(Opcode.LOAD, outputs + e.index());
      case INT_INPUT -> graph.leaf(Opcode.LOAD_INT, outputs + e.index());
      case PARAMETER -> graph.leaf(Opcode.PARAMETER, e.index());
      case CONSTANT -> graph.constant(e.value());
      case UNIFORM -> uniform(e.index());
      default -> throw new IllegalStateException(e.kind().name());
    };
  }

  private int operation(Expr e) {
    Expr bell = e.kind() == ExprKind.EXP ? halfSquare(e.arg(0)) : null;
    if (bell != null) {
      return functions.bell(of(bell));
    }
    int a = of(e.arg(0));
    return switch (e.kind()) {
      case ADD -> graph.add(a, of(e.arg(1)));
      case SUB -> graph.sub(a, of(e.arg(1)));
      case MUL -> graph.mul(a, of(e.arg(1)));
      case DIV -> graph.div(a, of(e.arg(1)));
      case FMA -> graph.fma(a, of(e.arg(1)), of(e.arg(2)));
      case MAX -> extremum(e, true);
      case MIN -> extremum(e, false);
      case POW -> functions.pow(a, of(e.arg(1)));
      case SELECT_LT -> select(Opcode.LT, e);
      case SELECT_LE -> select(Opcode.LE, e);
      case SELECT_EQ -> select(Opcode.EQ, e);
      case SELECT_NE -> select(Opcode.NE, e);
      default -> unary(e.kind(), a);
    };
  }

  /** x where {@code e} is −½x², as in the normal distribution's density; else null. */
  private static @Nullable Expr halfSquare(Expr e) {
    boolean scaled = e.kind() == ExprKind.MUL && e.arg(1).kind() == ExprKind.CONSTANT;
    if (!scaled || e.arg(1).value() != -0.5 || e.arg(0).kind() != ExprKind.MUL) {
      return null;
    }
    Expr square = e.arg(0);
    return square.arg(0) == square.arg(1) ? square.arg(0) : null;
  }

  private int unary(ExprKind kind, int a) {
    return switch (kind) {
      case NEG -> graph.op(Opcode.NEG, a);
      case ABS -> graph.abs(a);
      case SQRT -> graph.op(Opcode.SQRT, a);
      case EXP -> functions.exp(a);
      case EXPM1 -> functions.expm1(a);
      case LOG -> functions.log(a);
      case LOG1P -> functions.log1p(a);
      case TANH -> functions.tanh(a);
      case SIGMOID -> functions.sigmoid(a);
      case SOFTPLUS -> functions.softplus(a);
      case ERF -> functions.erf(a);
      case NORMAL_CDF -> functions.normalCdf(a);
      case SIN -> functions.sin(a);
      case COS -> functions.cos(a);
      case SINH -> functions.sinh(a);
      case COSH -> functions.cosh(a);
      case ATAN -> functions.atan(a);
      case FLOOR -> rounding.floor(a);
      case CEIL -> rounding.ceil(a);
      case ROUND -> rounding.round(a);
      case TRUNC -> rounding.trunc(a);
      default -> throw new IllegalStateException(kind.name());
    };
  }

  private int select(Opcode compare, Expr e) {
    return graph.select(compare, of(e.arg(0)), of(e.arg(1)), of(e.arg(2)), of(e.arg(3)));
  }

  /**
   * Compare and blend, faster than the max and min instructions of the Vector API. One comparison
   * passes on a NaN of one operand only, so that the other operand's needs a second one, unless it
   * is a constant.
   */
  private int extremum(Expr e, boolean max) {
    boolean swap = e.arg(0).kind() == ExprKind.CONSTANT;
    Expr second = e.arg(swap ? 0 : 1);
    int a = of(e.arg(swap ? 1 : 0));
    int b = of(second);
    int r = max ? graph.select(Opcode.LT, a, b, b, a) : graph.select(Opcode.LT, b, a, b, a);
    boolean number = second.kind() == ExprKind.CONSTANT && !Double.isNaN(second.value());
    return number ? r : graph.select(Opcode.NE, b, b, b, r);
  }

  /** Two rounds of mixing over index + low key, the high key in between, as in CounterRandom. */
  private int uniform(int stream) {
    int index = graph.leaf(Opcode.INDEX, 0);
    int h = mix(graph.op(Opcode.INT_ADD, index, graph.leaf(Opcode.KEY_LOW, stream)));
    h = mix(graph.op(Opcode.XOR, h, graph.leaf(Opcode.KEY_HIGH, stream)));
    int fraction = graph.shift(Opcode.SHIFT_RIGHT_UNSIGNED, h, 9);
    int bits = graph.op(Opcode.OR, fraction, graph.integer(0x3f800000));
    return graph.sub(graph.fromBits(bits), graph.constant(1));
  }

  private int mix(int v) {
    int h = graph.op(Opcode.XOR, v, graph.shift(Opcode.SHIFT_RIGHT_UNSIGNED, v, 16));
    h = graph.op(Opcode.INT_MUL, h, graph.integer(CounterRandom.M1));
    h = graph.op(Opcode.XOR, h, graph.shift(Opcode.SHIFT_RIGHT_UNSIGNED, h, 15));
    h = graph.op(Opcode.INT_MUL, h, graph.integer(CounterRandom.M2));
    return graph.op(Opcode.XOR, h, graph.shift(Opcode.SHIFT_RIGHT_UNSIGNED, h, 15));
  }
}
