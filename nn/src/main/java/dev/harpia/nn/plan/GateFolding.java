package dev.harpia.nn.plan;

import dev.harpia.nn.plan.Graph.Step;
import dev.harpia.nn.plan.Graph.Value;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Gather;
import dev.harpia.tensor.op.Recurrent;
import dev.harpia.tensor.op.Reshape;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A step of a recurrent layer over an embedding: what the input weights make of each row of the
 * embedding is known beforehand, so that a step takes a row of products and does not read those
 * weights.
 */
final class GateFolding {
  private static final Tensor NONE = Tensor.zeros(0).copy();

  private GateFolding() {}

  static @Nullable List<Step> apply(Step step, Map<Value, Integer> uses) {
    if (!(step.op instanceof Recurrent op) || !op.geometry(step.in[0].shape).thin()) {
      return null;
    }
    Step from = producer(step.in[0], uses);
    if (from != null && from.op instanceof Reshape) {
      from = producer(from.in[0], uses);
    }
    if (from == null || !(from.op instanceof Gather g) || g.elementwise() || g.axis() != 0) {
      return null;
    }
    Value table = from.in[0];
    Value weight = step.in[1];
    if (!table.constant || !weight.constant || table.shape.rank() != 2) {
      return null;
    }
    // the products shall take no more memory than the weights that they stand for
    int features = weight.shape.dim(-1);
    if (table.shape.dim(1) != features || table.shape.dim(0) > features) {
      return null;
    }
    int gates = weight.shape.dim(0);
    Value products = value(Shape.of(table.shape.dim(0), gates));
    Value rows = value(from.out[0].shape.with(-1, gates));
    Value x = value(step.in[0].shape.with(2, gates));
    Value[] in = step.in.clone();
    in[0] = x;
    in[1] = new Value(NONE.shape(), DType.F32, NONE, false);
    return List.of(
        new Step(new PackGates(), new Value[] {table, weight}, new Value[] {products}),
        new Step(g, new Value[] {products, from.in[1]}, new Value[] {rows}),
        new Step(new Reshape(x.shape), new Value[] {rows}, new Value[] {x}),
        new Step(op, in, step.out));
  }

  private static @Nullable Step producer(Value v, Map<Value, Integer> uses) {
    return uses.getOrDefault(v, 0) == 1 ? v.producer : null;
  }

  private static Value value(Shape shape) {
    return new Value(shape, DType.F32, null, false);
  }
}
