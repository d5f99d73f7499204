package dev.harpia.nn.plan;

import dev.harpia.nn.plan.Graph.Step;
import dev.harpia.nn.plan.Graph.Value;
import dev.harpia.tensor.op.Binary;
import dev.harpia.tensor.op.LayerNorm;
import dev.harpia.tensor.op.Pointwise;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Residual connections whose sum is normalised, {@code norm(x + f)}, become one step, which stands
 * where the addition stood: others that read the sum come after it.
 */
final class ResidualFusion {
  private ResidualFusion() {}

  /** How many norms went into additions. */
  static int apply(Graph graph) {
    int applied = 0;
    List<Step> steps = new ArrayList<>(graph.steps);
    for (Step norm : graph.steps) {
      if (norm.op instanceof LayerNorm op && fuses(norm)) {
        Step add = norm.in[0].producer;
        int at = steps.indexOf(add);
        if (add != null && at >= 0) {
          Map<Value, Integer> uses = graph.uses();
          boolean sum = uses.getOrDefault(norm.in[0], 0) > 1;
          steps.remove(norm);
          steps.set(at, fused(op, add, norm, sum));
          applied++;
        }
      }
    }
    if (applied > 0) { // weights that are computed come before the steps that moved up
      List<Step> sorted = new ArrayList<>(steps.stream().filter(Step::constant).toList());
      sorted.addAll(steps.stream().filter(s -> !s.constant()).toList());
      graph.steps = sorted;
    }
    return applied;
  }

  private static boolean fuses(Step norm) {
    Step add = norm.in[0].producer;
    if (add == null
        || norm.constant()
        || add.constant()
        || !(add.op instanceof Pointwise p)
        || p.formula() != Binary.ADD.formula()) {
      return false;
    }
    for (int i = 1; i < norm.in.length; i++) {
      if (!norm.in[i].constant) {
        return false; // it may be computed only after the addition
      }
    }
    return add.in[0].shape.equals(add.out[0].shape) && add.in[1].shape.equals(add.out[0].shape);
  }

  private static Step fused(LayerNorm op, Step add, Step norm, boolean sum) {
    List<Value> in = new ArrayList<>(List.of(add.in));
    in.addAll(List.of(norm.in).subList(1, norm.in.length));
    Value[] out = sum ? new Value[] {add.out[0], norm.out[0]} : norm.out;
    return new Step(new AddNorm(op, sum), in.toArray(Value[]::new), out);
  }
}
