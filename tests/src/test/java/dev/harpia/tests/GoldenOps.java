package dev.harpia.tests;

import dev.harpia.nn.Distance;
import dev.harpia.tensor.Padding;
import dev.harpia.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** How the operations of tensors answer their goldens. */
final class GoldenOps {
  private GoldenOps() {}

  static void register(Map<String, Consumer<GoldenRun>> ops) {
    elementwise(ops);
    reductions(ops);
    layout(ops);
    indices(ops);
    ops.put("MatMul", r -> r.out(r.in("x").matmul(r.in("y"))));
    ops.put(
        "Einsum", r -> r.out(Tensor.einsum(r.golden().text("equation", ""), r.in("x"), r.in("y"))));
    ops.put("CosineSimilarity", r -> r.out(Distance.cosine(r.in("x"), r.in("y"), 1, 1e-8f)));
    ops.put("PairwiseDistance", r -> r.out(Distance.pairwise(r.in("x"), r.in("y"), 2, 1e-6f)));
    ops.put("CDist", r -> r.out(Distance.cdist(r.in("x"), r.in("y"))));
    ops.put(
        "GraphReuse",
        r -> {
          Tensor x = r.in("x");
          r.out(x.mul(x).add(x.exp()).mul(x.mean()));
        });
    ops.put("GraphDetach", r -> r.out(r.in("x").mul(r.in("x").detach()).add(r.in("y"))));
  }

  static void unary(Map<String, Consumer<GoldenRun>> ops, String name, UnaryOperator<Tensor> f) {
    ops.put(name, r -> r.out(f.apply(r.in("x"))));
  }

  private static void binary(
      Map<String, Consumer<GoldenRun>> ops, String name, BinaryOperator<Tensor> f) {
    ops.put(name, r -> r.out(f.apply(r.in("x"), r.in("y"))));
  }

  private static void elementwise(Map<String, Consumer<GoldenRun>> ops) {
    binary(ops, "Add", Tensor::add);
    binary(ops, "Sub", Tensor::sub);
    binary(ops, "Mul", Tensor::mul);
    binary(ops, "Div", Tensor::div);
    binary(ops, "Maximum", Tensor::max);
    binary(ops, "Minimum", Tensor::min);
    binary(ops, "Pow", Tensor::pow);
    unary(ops, "Exp", Tensor::exp);
    unary(ops, "Log", Tensor::log);
    unary(ops, "Log1p", Tensor::log1p);
    unary(ops, "Expm1", Tensor::expm1);
    unary(ops, "Sqrt", Tensor::sqrt);
    unary(ops, "Rsqrt", Tensor::rsqrt);
    unary(ops, "Abs", Tensor::abs);
    unary(ops, "Neg", Tensor::neg);
    unary(ops, "Square", Tensor::square);
    unary(ops, "Reciprocal", Tensor::reciprocal);
    unary(ops, "Sin", Tensor::sin);
    unary(ops, "Cos", Tensor::cos);
    unary(ops, "Erf", Tensor::erf);
    unary(ops, "Atan", Tensor::atan);
    unary(ops, "Sinh", Tensor::sinh);
    unary(ops, "Cosh", Tensor::cosh);
    ops.put(
        "Clamp",
        r -> r.out(r.in("x").clamp(r.golden().number("min", 0), r.golden().number("max", 0))));
    ops.put("Where", r -> r.out(Tensor.where(r.in("cond"), r.in("x"), r.in("y"))));
    ops.put(
        "MaskedFill",
        r -> r.out(r.in("x").maskedFill(r.in("mask"), r.golden().number("value", 0))));
  }

  /** Over one axis, which the case may want kept. */
  private interface Fold {
    Tensor of(Tensor x, int axis);
  }

  private static void fold(
      Map<String, Consumer<GoldenRun>> ops, String name, UnaryOperator<Tensor> all, Fold fold) {
    ops.put(
        name,
        r -> {
          if (r.golden().text("dim", "").equals("all")) {
            r.out(all.apply(r.in("x")));
          } else {
            r.out(kept(r, fold.of(r.in("x"), axis(r))));
          }
        });
  }

  private static int axis(GoldenRun r) {
    return r.golden().integer("dim", 0);
  }

  private static Tensor kept(GoldenRun r, Tensor y) {
    return r.golden().flag("keepdim", false) ? y.unsqueeze(r.in("x").shape().axis(axis(r))) : y;
  }

  private static void reductions(Map<String, Consumer<GoldenRun>> ops) {
    fold(ops, "Sum", Tensor::sum, (x, a) -> x.sum(a));
    fold(ops, "Mean", Tensor::mean, (x, a) -> x.mean(a));
    fold(ops, "Var", x -> x.reshape(-1).var(0, 0), (x, a) -> x.var(a));
    fold(ops, "Std", x -> x.std(), (x, a) -> x.std(a));
    fold(ops, "Prod", x -> x, (x, a) -> x.prod(a));
    fold(ops, "LogSumExp", x -> x, (x, a) -> x.logSumExp(a));
    fold(ops, "Norm2", x -> x, (x, a) -> x.norm(a));
    for (boolean max : new boolean[] {true, false}) {
      ops.put(
          max ? "Max" : "Min",
          r -> {
            List<Tensor> y =
                max ? r.in("x").maxWithIndex(axis(r)) : r.in("x").minWithIndex(axis(r));
            r.out(kept(r, y.get(0)));
            r.out("indices", kept(r, y.get(1)));
          });
    }
    unary(ops, "SumDims", x -> x.sum(0, 2));
    ops.put("ArgMax", r -> r.out(r.in("x").argmax(axis(r))));
    ops.put("CumSum", r -> r.out(r.in("x").cumsum(axis(r))));
    ops.put("CumProd", r -> r.out(r.in("x").cumprod(axis(r))));
    ops.put(
        "TopK",
        r -> {
          List<Tensor> y = r.in("x").topk(r.golden().integer("k", 1), axis(r));
          r.out(y.get(0));
          r.out("indices", y.get(1));
        });
    ops.put(
        "Sort",
        r -> {
          List<Tensor> y = r.in("x").sort(axis(r), r.golden().flag("descending", false));
          r.out(y.get(0));
          r.out("indices", y.get(1));
        });
  }

  private static void layout(Map<String, Consumer<GoldenRun>> ops) {
    ops.put("Transpose", r -> r.out(r.in("x").permute(r.golden().integers("perm", 3, 0))));
    unary(ops, "Reshape", x -> x.transpose(0, 1).reshape(x.dim(1), -1));
    unary(ops, "Slice", x -> x.slice(0, 1, x.dim(0)).slice(1, 0, x.dim(1), 2).slice(2, 0, -1));
    ops.put("Flip", r -> r.out(r.in("x").flip(r.golden().integers("dims", 1, 0))));
    ops.put("Roll", r -> r.out(r.in("x").roll(r.golden().integer("shift", 0), axis(r))));
    ops.put("Repeat", r -> r.out(r.in("x").repeat(r.golden().integers("reps", 1, 1))));
    ops.put("Expand", r -> r.out(r.in("x").expand(r.golden().integers("to", 1, 1))));
    ops.put("Concat", r -> r.out(Tensor.concat(axis(r), r.in("x"), r.in("y"), r.in("x"))));
    ops.put("Stack", r -> r.out(Tensor.stack(axis(r), r.in("x"), r.in("y"))));
    ops.put(
        "Split",
        r -> {
          List<Tensor> parts = r.in("x").split(r.golden().integers("sizes", 1, 0), axis(r));
          for (int i = 0; i < parts.size(); i++) {
            r.out("y" + i, parts.get(i));
          }
        });
    ops.put(
        "Pad2d",
        r -> {
          int[] p = r.golden().integers("pad_left_right_top_bottom", 4, 0);
          r.out(
              r.in("x")
                  .pad2d(
                      padding(r.golden().text("mode", "")),
                      r.golden().number("value", 0),
                      p[0],
                      p[1],
                      p[2],
                      p[3]));
        });
    ops.put("Tril", r -> r.out(r.in("x").tril(r.golden().integer("diagonal", 0))));
  }

  static Padding padding(String mode) {
    return switch (mode) {
      case "reflect" -> Padding.REFLECT;
      case "replicate" -> Padding.REPLICATE;
      case "circular" -> Padding.CIRCULAR;
      default -> Padding.CONSTANT;
    };
  }

  private static void indices(Map<String, Consumer<GoldenRun>> ops) {
    ops.put("Gather", r -> r.out(r.in("x").gather(axis(r), r.in("idx"))));
    ops.put("IndexSelect", r -> r.out(r.in("x").indexSelect(axis(r), r.in("idx"))));
    ops.put(
        "ScatterAdd",
        r ->
            r.out(
                Tensor.zeros(r.tensor("out.y").shape())
                    .scatterAdd(axis(r), r.in("idx"), r.in("x"))));
    ops.put("OneHot", r -> r.out(Tensor.oneHot(r.in("idx"), r.golden().integer("classes", 1))));
  }
}
