package dev.harpia.models.rl;

import dev.harpia.nn.Layer;
import dev.harpia.nn.plan.Plan;
import dev.harpia.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A network at batch 1 as a compiled plan, which allocates nothing: for acting. It shows the
 * weights of the last refresh.
 */
final class Actor {
  private final Plan plan;
  private final Plan.Workspace workspace;
  private final MemorySegment in; // the workspace's memory, fetched once: fetching allocates
  private final MemorySegment out;
  private final float[] output;
  private final int inputs;
  private boolean stale;

  /** A network from [1, {@code inputs}] to [1, {@code outputs}]. */
  Actor(Layer network, int inputs, int outputs) {
    this.inputs = inputs;
    plan = Plan.compile(network, Shape.of(1, inputs));
    workspace = plan.newWorkspace();
    in = workspace.input().segment();
    out = workspace.output().segment();
    output = new float[outputs];
  }

  /** The network was updated: the next run takes its weights. */
  void stale() {
    stale = true;
  }

  /** The network's output, overwritten by the next call. */
  float[] run(float[] observation) {
    if (observation.length != inputs) {
      throw new IllegalArgumentException(
          "act: an observation of " + observation.length + " floats: must be of " + inputs);
    }
    if (stale) {
      plan.refresh();
      stale = false;
    }
    MemorySegment.copy(observation, 0, in, ValueLayout.JAVA_FLOAT, 0, inputs);
    workspace.run();
    MemorySegment.copy(out, ValueLayout.JAVA_FLOAT, 0, output, 0, output.length);
    return output;
  }

  /** The first of the largest. */
  static int argmax(float[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }
}
