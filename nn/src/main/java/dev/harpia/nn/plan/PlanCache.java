package dev.harpia.nn.plan;

import dev.harpia.nn.Layer;
import dev.harpia.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Plans for inputs of varying shapes, batches or sequences of several lengths: one for each shape,
 * compiled when the shape is first asked for. The least recently used ones are given up. Shared by
 * any number of threads.
 */
public final class PlanCache {
  private final Function<Shape, Plan> compile;
  private final int most;
  private final Map<Shape, Plan> plans = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * A cache.
   *
   * @param compile makes the plan for a shape
   * @param most how many plans are kept, at least 1
   */
  public PlanCache(Function<Shape, Plan> compile, int most) {
    if (most < 1) {
      throw new IllegalArgumentException("planCache: " + most + " plans; at least 1 is kept");
    }
    this.compile = compile;
    this.most = most;
  }

  /** Plans of a layer with one F32 input. */
  public static PlanCache of(Layer layer, int most) {
    return new PlanCache(s -> Plan.compile(layer, s), most);
  }

  /** The plan for a shape; whoever asks for a new one waits while it is compiled. */
  public synchronized Plan get(Shape input) {
    Plan plan = plans.get(input);
    if (plan == null) {
      plan = compile.apply(input);
      plans.put(input, plan);
      if (plans.size() > most) {
        plans.remove(plans.keySet().iterator().next());
      }
    }
    return plan;
  }

  /** The shapes that have a plan now, the least recently used one first. */
  public synchronized List<Shape> shapes() {
    return new ArrayList<>(plans.keySet());
  }

  /** Takes over the parameters' present values in all plans; none of them may be running. */
  public synchronized void refresh() {
    plans.values().forEach(Plan::refresh);
  }
}
