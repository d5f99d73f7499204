package dev.harpia.nn.plan;

import dev.harpia.nn.plan.Graph.Step;
import dev.harpia.nn.plan.Graph.Value;
import dev.harpia.simd.Kernel;
import dev.harpia.simd.PackedRow;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.Expr;
import dev.harpia.tensor.ExprKind;
import dev.harpia.tensor.Formula;
import dev.harpia.tensor.Op;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.op.Affine;
import dev.harpia.tensor.op.Binary;
import dev.harpia.tensor.op.Conv;
import dev.harpia.tensor.op.Pointwise;
import dev.harpia.tensor.op.Pool;
import dev.harpia.tensor.op.Reshape;
import dev.harpia.tensor.op.Unary;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rules by which plans are made faster. */
final class Fusion {
  /**
   * Kernels above this many operations are not merged: two heavy functions in series are slower in
   * one loop.
   */
  private static final int HEAVY = 15;

  private static final int MOST_OPERATIONS = 48;

  private Fusion() {}

  /** What must be done before weights are packed and functions merged. */
  static final List<Rule> FIRST =
      Stream.concat(
              Stream.of(NormFolding::apply, Fusion::scaledConv, LinearFusion::apply),
              AttentionFusion.RULES.stream())
          .toList();

  static final List<Rule> RULES =
      List.of(
          Fusion::affineRelu,
          Fusion::packLinear,
          GateFolding::apply,
          Fusion::packConv,
          Fusion::convRelu,
          Fusion::poolValues,
          Fusion::convPool,
          Fusion::mergePointwise);

  private static boolean isRelu(Step s) {
    return s.op instanceof Pointwise p && p.formula() == Unary.RELU;
  }

  private static @Nullable Step only(Value v, Map<Value, Integer> uses) {
    return uses.getOrDefault(v, 0) == 1 && !v.constant ? v.producer : null;
  }

  /** relu(x·Wᵀ + b) in one pass. */
  private static @Nullable List<Step> affineRelu(Step step, Map<Value, Integer> uses) {
    if (isRelu(step)) {
      Step from = only(step.in[0], uses);
      if (from != null && from.op instanceof Affine && from.in.length == 3) {
        return List.of(new Step(new AffineRelu(), from.in, step.out));
      }
      if (from != null && from.op instanceof WideLinear p && !p.relu()) {
        return List.of(new Step(new WideLinear(true), from.in, step.out));
      }
      if (from != null && from.op instanceof PackedLinear p && !p.relu()) {
        return List.of(new Step(p.withRelu(), from.in, step.out));
      }
    }
    return null;
  }

  /** A linear layer for a single row, whose constant weights its kernel reads as packed. */
  private static @Nullable List<Step> packLinear(Step step, Map<Value, Integer> uses) {
    boolean relu = step.op instanceof AffineRelu;
    if (!(relu || step.op instanceof Affine) || !step.in[1].constant || step.constant()) {
      return null;
    }
    Shape w = step.in[1].shape;
    long rows = w.dim(0) == 0 ? 0 : step.out[0].shape.size() / w.dim(0);
    if (rows != 1 || !PackedRow.suits(1, w.dim(0), w.dim(1))) {
      return null;
    }
    PackLinear pack = new PackLinear();
    Value packed = new Value(pack.shape(w), DType.F32, null, false);
    Value[] in = step.in.clone();
    in[1] = packed;
    PackedLinear run = new PackedLinear(w, in.length > 2, relu);
    return List.of(
        new Step(pack, new Value[] {step.in[1]}, new Value[] {packed}),
        new Step(run, in, step.out));
  }

  /**
   * A convolution with constant weights, followed by a factor or a term for each channel, as
   * batch-norms are: another convolution.
   */
  private static @Nullable List<Step> scaledConv(Step step, Map<Value, Integer> uses) {
    if (!(step.op instanceof Pointwise p) || step.in.length != 2) {
      return null;
    }
    boolean scale = p.formula() == Binary.MUL.formula();
    boolean shift = p.formula() == Binary.ADD.formula();
    Step from = only(step.in[0], uses);
    if (!(scale || shift) || from == null || !(from.op instanceof Conv conv)) {
      return null;
    }
    Value by = step.in[1];
    Value weight = from.in[1];
    Shape y = step.out[0].shape;
    int channels = y.dim(1);
    boolean perChannel =
        by.constant && by.shape.rank() == 3 && by.shape.equals(Shape.of(channels, 1, 1));
    if (!perChannel || !weight.constant || !y.equals(step.in[0].shape)) {
      return null;
    }
    List<Step> steps = new ArrayList<>();
    List<Value> in = new ArrayList<>(List.of(from.in));
    Value flat = constant(steps, new Reshape(Shape.of(channels)), Shape.of(channels), by);
    if (scale) {
      Shape column = Shape.of(channels, 1, 1, 1);
      Value factor = constant(steps, new Reshape(column), column, by);
      in.set(1, constant(steps, Binary.MUL, weight.shape, weight, factor));
    }
    if (in.size() > 2) {
      if (!in.get(2).constant) {
        return null;
      }
      Pointwise op = scale ? Binary.MUL : Binary.ADD;
      in.set(2, constant(steps, op, flat.shape, in.get(2), flat));
    } else if (shift) {
      in.add(flat);
    }
    steps.add(new Step(conv, in.toArray(Value[]::new), step.out));
    return steps;
  }

  private static Value constant(List<Step> steps, Op op, Shape shape, Value... in) {
    Value v = new Value(shape, DType.F32, null, false);
    steps.add(new Step(op, in, new Value[] {v}));
    return v;
  }

  /** A convolution with constant weights reads them in the order of its kernel. */
  private static @Nullable List<Step> packConv(Step step, Map<Value, Integer> uses) {
    if (!(step.op instanceof Conv conv) || !step.in[1].constant) {
      return null;
    }
    PackConv pack = new PackConv(conv, step.in[0].shape);
    Value packed = new Value(pack.shape(step.in[1].shape), DType.F32, null, false);
    Step packing = new Step(pack, new Value[] {step.in[1]}, new Value[] {packed});
    Value[] in = step.in.clone();
    in[1] = packed;
    PackedConv run = new PackedConv(conv, step.in[1].shape, step.in.length > 2, false, false);
    return List.of(packing, new Step(run, in, step.out));
  }

  /** relu(conv(x)) in one pass. */
  private static @Nullable List<Step> convRelu(Step step, Map<Value, Integer> uses) {
    if (isRelu(step)) {
      Step from = only(step.in[0], uses);
      if (from != null && from.op instanceof PackedConv c && !c.relu() && !c.pool()) {
        return List.of(new Step(c.withRelu(), from.in, step.out));
      }
    }
    return null;
  }

  /** A max pool whose places nobody asks for does not find them. */
  private static @Nullable List<Step> poolValues(Step step, Map<Value, Integer> uses) {
    if (!(step.op instanceof Pool pool) || !pool.max() || uses.containsKey(step.out[1])) {
      return null;
    }
    return List.of(new Step(new MaxPool(pool), step.in, new Value[] {step.out[0]}));
  }

  /** A convolution, activation or not, and a pool of 2×2 pixels in one pass. */
  private static @Nullable List<Step> convPool(Step step, Map<Value, Integer> uses) {
    Step from = step.op instanceof MaxPool pool && pool.pairs() ? only(step.in[0], uses) : null;
    if (from != null && from.op instanceof PackedConv c && c.pools(from.in[0].shape)) {
      return List.of(new Step(c.withPool(), from.in, step.out));
    }
    return null;
  }

  /** An elementwise function of another one's result becomes one function. */
  private static @Nullable List<Step> mergePointwise(Step step, Map<Value, Integer> uses) {
    if (!(step.op instanceof Pointwise outer) || outer.formula().draws() || step.constant()) {
      return null;
    }
    for (int i = 0; i < step.in.length; i++) {
      Step from = only(step.in[i], uses);
      if (from != null
          && from.op instanceof Pointwise inner
          && !inner.formula().draws()
          && step.in[i].shape.equals(step.out[0].shape)) {
        List<Step> merged = merge(step, outer, i, from, inner);
        if (merged != null) {
          return merged;
        }
      }
    }
    return null;
  }

  private static @Nullable List<Step> merge(
      Step step, Pointwise outer, int at, Step from, Pointwise inner) {
    int a = outer.formula().expr().operations();
    int b = inner.formula().expr().operations();
    if (a + b > MOST_OPERATIONS || (a >= HEAVY && b >= HEAVY)) {
      return null;
    }
    List<Value> operands = new ArrayList<>();
    Expr x = renumber(inner, from.in, operands, Map.of());
    Expr y = renumber(outer, step.in, operands, Map.of(at, x));
    if (operands.size() + 1 > Kernel.ADDRESSES) {
      return null;
    }
    Formula f = Formula.of(inner.name() + "_" + outer.name(), y);
    if (f.arity() != operands.size()) {
      return null; // an operand does not matter to the result
    }
    return List.of(new Step(new Pointwise(f), operands.toArray(Value[]::new), step.out));
  }

  /**
   * The expression with parameters as constants, operands by their place in {@code operands}, and
   * some replaced outright.
   */
  private static Expr renumber(
      Pointwise p, Value[] in, List<Value> operands, Map<Integer, Expr> replaced) {
    float[] parameters = {p.p0(), p.p1(), p.p2(), p.p3()};
    Map<Expr, Expr> changes = new IdentityHashMap<>();
    leaves(
        p.formula().expr(), new IdentityHashMap<>(), changes, in, operands, replaced, parameters);
    return p.formula().expr().replace(changes);
  }

  private static void leaves(
      Expr e,
      Map<Expr, Boolean> seen,
      Map<Expr, Expr> changes,
      Value[] in,
      List<Value> operands,
      Map<Integer, Expr> replaced,
      float[] parameters) {
    if (seen.put(e, true) != null) {
      return;
    }
    if (e.kind() == ExprKind.PARAMETER) {
      changes.put(e, Expr.c(parameters[e.index()]));
    } else if (e.kind() == ExprKind.INPUT || e.kind() == ExprKind.INT_INPUT) {
      Expr by = replaced.get(e.index());
      if (by == null) {
        int k = place(in[e.index()], operands);
        by = e.kind() == ExprKind.INPUT ? Expr.x(k) : Expr.xi(k);
      }
      changes.put(e, by);
    }
    for (int i = 0; i < e.kind().arity(); i++) {
      leaves(e.arg(i), seen, changes, in, operands, replaced, parameters);
    }
  }

  private static int place(Value v, List<Value> operands) {
    for (int i = 0; i < operands.size(); i++) {
      if (operands.get(i) == v) {
        return i;
      }
    }
    operands.add(v);
    return operands.size() - 1;
  }

  /** Applies the rules until none applies any more. */
  static int apply(Graph graph) {
    return apply(graph, FIRST) + ResidualFusion.apply(graph) + apply(graph, RULES);
  }

  private static int apply(Graph graph, List<Rule> rules) {
    int applied = 0;
    boolean changed = true;
    while (changed) {
      changed = false;
      Map<Value, Integer> uses = graph.uses();
      for (int i = 0; i < graph.steps.size() && !changed; i++) {
        for (Rule rule : rules) {
          List<Step> by = rule.apply(graph.steps.get(i), uses);
          if (by != null) {
            List<Step> steps = new ArrayList<>(graph.steps.subList(0, i));
            steps.addAll(by);
            steps.addAll(graph.steps.subList(i + 1, graph.steps.size()));
            graph.steps = steps;
            graph.prune();
            applied++;
            changed = true;
            break;
          }
        }
      }
    }
    return applied;
  }
}
