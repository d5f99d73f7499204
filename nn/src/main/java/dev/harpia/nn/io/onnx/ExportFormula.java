package dev.harpia.nn.io.onnx;

import dev.harpia.tensor.Expr;
import dev.harpia.tensor.Formula;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Pointwise;
import dev.harpia.tensor.op.Unary;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Writes elementwise functions: as the operator of that name, or as what they consist of. */
final class ExportFormula {
  private static final Map<Formula, String> PLAIN =
      Map.of(
          Unary.RELU, "Relu",
          Unary.SIGMOID, "Sigmoid",
          Unary.TANH, "Tanh",
          Unary.SOFTPLUS, "Softplus",
          Unary.HARDSWISH, "HardSwish",
          Unary.SOFTSIGN, "Softsign");

  private final ExportGraph g;
  private final Tensor[] in;
  private final float[] parameters;
  private final Map<Expr, String> done = new IdentityHashMap<>();

  private ExportFormula(ExportGraph g, Tensor[] in, float... parameters) {
    this.g = g;
    this.in = in;
    this.parameters = parameters;
  }

  static String write(ExportGraph g, Pointwise p, Tensor[] in) {
    String plain = PLAIN.get(p.formula());
    if (plain != null) {
      return g.unary(plain, g.of(in[0]));
    }
    if (p.formula() == Unary.LEAKY_RELU) {
      return g.node("LeakyRelu", List.of(g.of(in[0])), ExportGraph.attribute("alpha", p.p0()));
    }
    if (p.formula() == Unary.ELU) {
      return g.node("Elu", List.of(g.of(in[0])), ExportGraph.attribute("alpha", p.p0()));
    }
    if (p.formula().draws()) {
      throw new UnsupportedCase("it draws random numbers");
    }
    return new ExportFormula(g, in, p.p0(), p.p1(), p.p2(), p.p3()).of(p.formula().expr());
  }

  private String of(Expr e) {
    String known = done.get(e);
    if (known == null) {
      known = write(e);
      done.put(e, known);
    }
    return known;
  }

  private String unary(String type, Expr e) {
    return g.unary(type, of(e.arg(0)));
  }

  private String binary(String type, Expr e) {
    return g.binary(type, of(e.arg(0)), of(e.arg(1)));
  }

  private String select(String compare, Expr e, boolean swap) {
    String when = binary(compare, e);
    String then = of(e.arg(2));
    String otherwise = of(e.arg(3));
    return g.node("Where", swap ? List.of(when, otherwise, then) : List.of(when, then, otherwise));
  }

  private String write(Expr e) {
    return switch (e.kind()) {
      case INPUT -> g.of(in[e.index()]);
      case INT_INPUT -> g.toFloat(g.of(in[e.index()]));
      case PARAMETER -> g.scalar(parameters[e.index()]);
      case CONSTANT -> g.scalar((float) e.value());
      case ADD -> binary("Add", e);
      case SUB -> binary("Sub", e);
      case MUL -> binary("Mul", e);
      case DIV -> binary("Div", e);
      case FMA -> g.binary("Add", binary("Mul", e), of(e.arg(2)));
      case NEG -> unary("Neg", e);
      case ABS -> unary("Abs", e);
      case SQRT -> unary("Sqrt", e);
      case MAX -> binary("Max", e);
      case MIN -> binary("Min", e);
      case EXP -> unary("Exp", e);
      case EXPM1 -> g.binary("Sub", unary("Exp", e), g.scalar(1));
      case LOG -> unary("Log", e);
      case LOG1P -> g.unary("Log", g.binary("Add", of(e.arg(0)), g.scalar(1)));
      case POW -> binary("Pow", e);
      case TANH -> unary("Tanh", e);
      case SIGMOID -> unary("Sigmoid", e);
      case SOFTPLUS -> unary("Softplus", e);
      case ERF -> unary("Erf", e);
      case NORMAL_CDF -> {
        String erf = g.unary("Erf", g.binary("Mul", of(e.arg(0)), g.scalar(0.70710678f)));
        yield g.binary("Mul", g.binary("Add", erf, g.scalar(1)), g.scalar(0.5f));
      }
      case SIN -> unary("Sin", e);
      case COS -> unary("Cos", e);
      case SINH -> unary("Sinh", e);
      case COSH -> unary("Cosh", e);
      case ATAN -> unary("Atan", e);
      case FLOOR -> unary("Floor", e);
      case CEIL -> unary("Ceil", e);
      case ROUND -> unary("Round", e);
      case TRUNC -> {
        String whole = g.unary("Floor", unary("Abs", e));
        yield g.binary("Mul", unary("Sign", e), whole);
      }
      case SELECT_LT -> select("Less", e, false);
      case SELECT_LE -> select("LessOrEqual", e, false);
      case SELECT_EQ -> select("Equal", e, false);
      case SELECT_NE -> select("Equal", e, true);
      case UNIFORM -> throw new UnsupportedCase("it draws random numbers");
    };
  }
}
