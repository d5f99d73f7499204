package dev.harpia.bench.harpia;

import dev.harpia.bench.suite.Call;
import dev.harpia.nn.Activation;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Linear;
import dev.harpia.nn.Loss;
import dev.harpia.nn.Sequential;
import dev.harpia.nn.optim.Adam;
import dev.harpia.nn.plan.Plan;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;

/** Workload 7: deep Q-learning with nets 4-128-128-2. */
final class Dqn {
  private static final int BATCHES = 16;
  private static final int N = 64;

  /** Transitions; {@code live} is 0.99 where the episode went on, else 0. */
  private record Batch(Tensor state, Tensor action, Tensor reward, Tensor live, Tensor next) {}

  private Dqn() {}

  private static Layer net() {
    return new Sequential(
        new Linear(4, 128),
        Activation.relu(),
        new Linear(128, 128),
        Activation.relu(),
        new Linear(128, 2));
  }

  static Call training() {
    Layer q = net();
    Layer target = net();
    target.copyFrom(q);
    Adam adam = new Adam(q.parameters(), 1e-3);
    Batch[] batches = new Batch[BATCHES];
    for (int i = 0; i < BATCHES; i++) {
      batches[i] =
          new Batch(
              Runs.normal(5 * i, N, 4),
              Runs.below(5 * i + 1, 2, N, 1),
              Runs.normal(5 * i + 2, N),
              Tensor.full(0.99f, N),
              Runs.normal(5 * i + 4, N, 4));
    }
    int[] step = {0};
    float[] last = {0};
    return () -> {
      Batch b = batches[step[0]++ % BATCHES];
      try (var _ = Scope.open()) {
        Tensor y = b.reward.add(b.live.mul(target.forward(b.next).max(1)));
        Tensor chosen = q.forward(b.state).gather(1, b.action).reshape(N);
        Tensor loss = Loss.huber(chosen, y);
        adam.step(loss);
        last[0] = loss.item();
      }
    };
  }

  static Call action() {
    Plan.Workspace w = Plan.compile(net(), Shape.of(1, 4)).newWorkspace();
    float[] state = Runs.floats(4);
    float[] values = new float[2];
    int[] action = new int[1];
    return () -> {
      w.input().copyFrom(state);
      w.run();
      w.output().copyTo(values);
      action[0] = Runs.argmax(values);
    };
  }
}
