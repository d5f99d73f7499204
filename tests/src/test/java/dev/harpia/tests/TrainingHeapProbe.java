package dev.harpia.tests;

import com.sun.management.ThreadMXBean;
import dev.harpia.nn.Activation;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Linear;
import dev.harpia.nn.Loss;
import dev.harpia.nn.Sequential;
import dev.harpia.nn.optim.Adam;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.lang.management.ManagementFactory;

/**
 * Prints the Java heap bytes of a step of deep Q-learning, nets 4-128-128-2, once they are below
 * the limit that is given, or after many seconds.
 */
final class TrainingHeapProbe {
  private static final int BATCH = 64;
  private static final int STEPS = 500;
  private static final long PATIENCE_NANOS = 40_000_000_000L;

  private TrainingHeapProbe() {}

  public static void main(String[] args) {
    long limit = Long.parseLong(args[0]);
    Layer q = net(1);
    Layer target = net(2);
    Adam adam = new Adam(q.parameters(), 1e-3);
    Tensor state = Tensor.normal(new Rng(3), 0, 1, Shape.of(BATCH, 4));
    Tensor next = Tensor.normal(new Rng(4), 0, 1, Shape.of(BATCH, 4));
    Tensor reward = Tensor.normal(new Rng(5), 0, 1, Shape.of(BATCH));
    Tensor action = Tensor.of(new int[BATCH], Shape.of(BATCH, 1));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long bytes;
    long end = System.nanoTime() + PATIENCE_NANOS;
    do {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < STEPS; i++) {
        try (var _ = Scope.open()) {
          Tensor y = reward.add(target.forward(next).max(1).mul(0.99f));
          Tensor chosen = q.forward(state).gather(1, action).reshape(BATCH);
          adam.step(Loss.huber(chosen, y));
        }
      }
      bytes = (threads.getCurrentThreadAllocatedBytes() - before) / STEPS;
    } while (bytes > limit && System.nanoTime() < end);
    System.out.println(bytes);
  }

  private static Layer net(int seed) {
    Rng.seed(seed);
    return new Sequential(
        new Linear(4, 128),
        Activation.relu(),
        new Linear(128, 128),
        Activation.relu(),
        new Linear(128, 2));
  }
}
