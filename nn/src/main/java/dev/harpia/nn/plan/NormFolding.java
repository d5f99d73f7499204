package dev.harpia.nn.plan;

import static dev.harpia.tensor.Expr.p;
import static dev.harpia.tensor.Expr.x;

import dev.harpia.nn.plan.Graph.Step;
import dev.harpia.nn.plan.Graph.Value;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.Formula;
import dev.harpia.tensor.Op;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.op.Affine;
import dev.harpia.tensor.op.BatchNorm;
import dev.harpia.tensor.op.Binary;
import dev.harpia.tensor.op.Conv;
import dev.harpia.tensor.op.Pointwise;
import dev.harpia.tensor.op.Reshape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A convolution or an affine map with constant weights, followed by a batch-norm with running
 * averages, is another convolution or affine map: {@code W' = W·f}, {@code b' = (b − μ)·f + β} with
 * {@code f = γ/√(σ² + ε)}.
 */
final class NormFolding {
  private static final Formula FACTOR = Formula.of("factor", x(0).div(x(1).add(p(0)).sqrt()));
  private static final Formula PLAIN_FACTOR =
      Formula.of("factor", x(0).add(p(0)).sqrt().reciprocal());
  private static final Formula SHIFT = Formula.of("shift", x(0).mul(x(1)).neg());
  private static final Pointwise BIAS =
      new Pointwise(Formula.of("foldedBias", x(0).sub(x(1)).mul(x(2))));

  private NormFolding() {}

  static @Nullable List<Step> apply(Step step, Map<Value, Integer> uses) {
    if (!(step.op instanceof BatchNorm norm) || !norm.given()) {
      return null;
    }
    Value x = step.in[0];
    Step from = uses.getOrDefault(x, 0) == 1 && !x.constant ? x.producer : null;
    boolean statistics = uses.containsKey(step.out[1]) || uses.containsKey(step.out[2]);
    if (from == null || statistics || !(from.op instanceof Conv || from.op instanceof Affine)) {
      return null;
    }
    if (from.op instanceof Affine && x.shape.rank() != 2) {
      return null; // channels are not the features
    }
    for (int i = 1; i < step.in.length; i++) {
      if (!step.in[i].constant) {
        return null;
      }
    }
    for (int i = 1; i < from.in.length; i++) {
      if (!from.in[i].constant) {
        return null;
      }
    }
    return fold(step, norm, from);
  }

  private static List<Step> fold(Step step, BatchNorm norm, Step from) {
    List<Step> steps = new ArrayList<>();
    Value mean = step.in[norm.affine() ? 3 : 1];
    Value variance = step.in[norm.affine() ? 4 : 2];
    Shape channels = mean.shape;
    Value factor =
        norm.affine()
            ? constant(steps, new Pointwise(FACTOR, norm.epsilon()), channels, step.in[1], variance)
            : constant(steps, new Pointwise(PLAIN_FACTOR, norm.epsilon()), channels, variance);
    Value weight = from.in[1];
    int[] column = new int[weight.shape.rank()];
    Arrays.fill(column, 1);
    column[0] = channels.dim(0);
    Shape tall = Shape.of(column);
    Value rows = constant(steps, new Reshape(tall), tall, factor);
    Value scaled = constant(steps, Binary.MUL, weight.shape, weight, rows);
    Value bias =
        from.in.length > 2
            ? constant(steps, BIAS, channels, from.in[2], mean, factor)
            : constant(steps, new Pointwise(SHIFT), channels, mean, factor);
    if (norm.affine()) {
      bias = constant(steps, Binary.ADD, channels, bias, step.in[2]);
    }
    Value[] in = {from.in[0], scaled, bias};
    steps.add(new Step(from.op, in, new Value[] {step.out[0]}));
    return steps;
  }

  private static Value constant(List<Step> steps, Op op, Shape shape, Value... in) {
    Value v = new Value(shape, DType.F32, null, false);
    steps.add(new Step(op, in, new Value[] {v}));
    return v;
  }
}
