package dev.harpia.bench.harpia;

import dev.harpia.bench.suite.Call;
import dev.harpia.nn.Activation;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Linear;
import dev.harpia.nn.Sequential;
import dev.harpia.nn.plan.Plan;
import dev.harpia.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Workload 1: softmax(W2·relu(W1·x + b1) + b2), 784-128-10. */
final class Mlp {
  private Mlp() {}

  private static Layer model() {
    return new Sequential(
        new Linear(784, 128), Activation.relu(), new Linear(128, 10), new SoftmaxLayer());
  }

  static Call one() {
    return Runs.request(model(), Shape.of(1, 784), 10);
  }

  static Call batch() {
    Plan.Workspace w = Plan.compile(model(), Shape.of(64, 784)).newWorkspace();
    w.input().copyFrom(Runs.floats(64 * 784));
    MemorySegment out = w.output().segment();
    float[] first = new float[10];
    return () -> {
      w.run();
      MemorySegment.copy(out, ValueLayout.JAVA_FLOAT, 0, first, 0, first.length);
    };
  }
}
