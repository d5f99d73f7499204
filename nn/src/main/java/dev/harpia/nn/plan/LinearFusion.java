package dev.harpia.nn.plan;

import dev.harpia.nn.plan.Graph.Step;
import dev.harpia.nn.plan.Graph.Value;
import dev.harpia.simd.PackedRow;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.op.Affine;
import dev.harpia.tensor.op.Binary;
import dev.harpia.tensor.op.MatMul;
import dev.harpia.tensor.op.Permute;
import dev.harpia.tensor.op.Pointwise;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A product with a constant matrix and the addition of a constant row, which is how models in ONNX
 * write a linear layer, become that layer: within 1e-5 of the two. A product alone does where a
 * single row is multiplied, because there is a faster kernel for it.
 */
final class LinearFusion {
  private LinearFusion() {}

  static @Nullable List<Step> apply(Step step, Map<Value, Integer> uses) {
    if (step.constant()) {
      return null;
    }
    if (step.op instanceof MatMul m) {
      Shape y = step.out[0].shape;
      boolean row = suits(step, m) && y.size() == y.dim(-1);
      return row && PackedRow.suits(1, y.dim(-1), step.in[0].shape.dim(-1))
          ? linear(step, m, step.out, List.of())
          : null;
    }
    if (step.op instanceof Pointwise p && p.formula() == Binary.ADD.formula()) {
      for (int i = 0; i < 2; i++) {
        Step from = AttentionScores.only(step.in[i], uses);
        Value bias = step.in[1 - i];
        if (from == null
            || !bias.constant
            || !bias.shape.equals(Shape.of(step.out[0].shape.dim(-1)))
            || !step.in[i].shape.equals(step.out[0].shape)) {
          continue;
        }
        if (from.op instanceof MatMul m && suits(from, m)) {
          if (!m.transposeB()) {
            Value[] in = {from.in[0], from.in[1], bias};
            return List.of(new Step(new WideLinear(false), in, step.out));
          }
          return linear(from, m, step.out, List.of(bias));
        }
        if (from.op instanceof Affine && from.in.length == 2) {
          Value[] in = {from.in[0], from.in[1], bias};
          return List.of(new Step(from.op, in, step.out));
        }
      }
    }
    return null;
  }

  private static boolean suits(Step step, MatMul m) {
    return !m.transposeA()
        && step.in[1].constant
        && step.in[1].shape.rank() == 2
        && step.in[0].shape.rank() >= 2
        && step.out[0].shape.size() > 0;
  }

  private static List<Step> linear(Step product, MatMul m, Value[] out, List<Value> bias) {
    List<Step> steps = new ArrayList<>();
    Value w = product.in[1];
    if (!m.transposeB()) {
      Shape turned = Shape.of(w.shape.dim(1), w.shape.dim(0));
      Permute turn = new Permute(StridedView.exchanged(2));
      Step from = w.producer;
      w =
          from != null && turn.equals(from.op)
              ? from.in[0]
              : AttentionScores.add(steps, turn, turned, w);
    }
    List<Value> in = new ArrayList<>(List.of(product.in[0], w));
    in.addAll(bias);
    steps.add(new Step(new Affine(), in.toArray(Value[]::new), out));
    return steps;
  }
}
