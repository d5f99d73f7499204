package dev.harpia.bench.rl;

import dev.harpia.models.rl.DqnSettings;
import dev.harpia.models.rl.Environment;
import dev.harpia.models.rl.Step;
import dev.harpia.tensor.Rng;

/**
 * Plain deep Q-learning as {@code DqnTraining} does it, in the same environment, with the same
 * settings, over heap arrays: what our loop is measured against.
 */
final class HeapDqn {
  private static final int ACTIONS = 2;

  private final Environment<Integer> world;
  private final DqnSettings settings;
  private final int width;
  final HeapDense[] online;
  final HeapDense[] target;
  private final Rng rng;

  // replay
  private final float[] seen;
  private final float[] next;
  private final int[] actions;
  private final float[] rewards;
  private final float[] discounts;
  private int size;
  private int cursor;

  // a batch, and what the networks make of it
  final float[] batchSeen;
  final float[] batchNext;
  final int[] batchActions;
  final float[] batchRewards;
  final float[] batchDiscounts;
  private final float[][] hidden;
  private final float[][] slopes;
  private final float[] values;
  private final float[] valueSlopes;
  private final float[] targets;
  private final float[][] one;

  private float[] observation;
  private long taken;
  private long updates;

  HeapDqn(Environment<Integer> world, DqnSettings settings, long seed) {
    this.world = world;
    this.settings = settings;
    width = world.observationSize();
    int h = settings.hidden();
    int n = settings.batch();
    online = network(h);
    target = network(h);
    rng = new Rng(seed);
    for (HeapDense layer : online) { // as PyTorch: uniform within 1/√in
      float bound = (float) (1 / Math.sqrt(layer.in));
      for (int i = 0; i < layer.weight.length; i++) {
        layer.weight[i] = bound * (2 * rng.uniform() - 1);
      }
      for (int i = 0; i < layer.out; i++) {
        layer.bias[i] = bound * (2 * rng.uniform() - 1);
      }
      layer.changed();
    }
    copyTarget();
    int capacity = settings.capacity();
    seen = new float[capacity * width];
    next = new float[capacity * width];
    actions = new int[capacity];
    rewards = new float[capacity];
    discounts = new float[capacity];
    batchSeen = new float[n * width];
    batchNext = new float[n * width];
    batchActions = new int[n];
    batchRewards = new float[n];
    batchDiscounts = new float[n];
    hidden = new float[][] {new float[n * h], new float[n * h]};
    slopes = new float[][] {new float[n * h], new float[n * h]};
    values = new float[n * ACTIONS];
    valueSlopes = new float[n * ACTIONS];
    targets = new float[n];
    one = new float[][] {new float[h], new float[h], new float[ACTIONS]};
    observation = world.reset(seed);
  }

  private HeapDense[] network(int h) {
    return new HeapDense[] {
      new HeapDense(width, h), new HeapDense(h, h), new HeapDense(h, ACTIONS)
    };
  }

  void copyTarget() {
    for (int i = 0; i < online.length; i++) {
      target[i].copyFrom(online[i]);
    }
  }

  /** The values of the actions, overwritten by the next call. */
  float[] values(float[] x) {
    online[0].forward(x, 1, one[0], true);
    online[1].forward(one[0], 1, one[1], true);
    online[2].forward(one[1], 1, one[2], false);
    return one[2];
  }

  int act(float[] x) {
    float[] q = values(x);
    return q[1] > q[0] ? 1 : 0;
  }

  /** Takes so many steps more, and learns. */
  void run(long steps) {
    for (long end = taken + steps; taken < end; ) {
      long t = ++taken;
      double rest = Math.max(0, 1 - (double) t / settings.exploreSteps());
      double least = settings.leastExploration();
      boolean explore = rng.uniformDouble() < least + (1 - least) * rest;
      int action = explore ? rng.below(ACTIONS) : act(observation);
      Step step = world.step(action);
      remember(action, step);
      observation = step.done() ? world.reset() : step.observation();
      if (t >= settings.warmup() && t % settings.every() == 0) {
        for (int i = 0; i < settings.updates(); i++) {
          sample();
          learn();
        }
      }
    }
  }

  private void remember(int action, Step step) {
    System.arraycopy(observation, 0, seen, cursor * width, width);
    System.arraycopy(step.observation(), 0, next, cursor * width, width);
    actions[cursor] = action;
    rewards[cursor] = (float) step.reward();
    discounts[cursor] = step.terminated() ? 0 : (float) settings.gamma();
    cursor = (cursor + 1) % actions.length;
    size = Math.min(size + 1, actions.length);
  }

  private void sample() {
    for (int i = 0; i < targets.length; i++) {
      int row = rng.below(size);
      System.arraycopy(seen, row * width, batchSeen, i * width, width);
      System.arraycopy(next, row * width, batchNext, i * width, width);
      batchActions[i] = actions[row];
      batchRewards[i] = rewards[row];
      batchDiscounts[i] = discounts[row];
    }
  }

  private void forward(HeapDense[] network, float[] x) {
    int n = targets.length;
    network[0].forward(x, n, hidden[0], true);
    network[1].forward(hidden[0], n, hidden[1], true);
    network[2].forward(hidden[1], n, values, false);
  }

  /** An update towards r + d·max q′(next); returns the mean Huber loss. */
  float learn() {
    int n = targets.length;
    forward(target, batchNext);
    for (int i = 0; i < n; i++) {
      float best = Math.max(values[2 * i], values[2 * i + 1]);
      targets[i] = batchRewards[i] + batchDiscounts[i] * best;
    }
    forward(online, batchSeen);
    java.util.Arrays.fill(valueSlopes, 0);
    float loss = 0;
    for (int i = 0; i < n; i++) {
      float error = values[2 * i + batchActions[i]] - targets[i];
      float far = Math.abs(error);
      loss += far < 1 ? 0.5f * error * error : far - 0.5f;
      valueSlopes[2 * i + batchActions[i]] = Math.clamp(error, -1, 1) / n;
    }
    online[2].gradients(hidden[1], valueSlopes, n);
    online[2].back(valueSlopes, n, hidden[1], slopes[1]);
    online[1].gradients(hidden[0], slopes[1], n);
    online[1].back(slopes[1], n, hidden[0], slopes[0]);
    online[0].gradients(batchSeen, slopes[0], n);
    double norm = Math.sqrt(online[0].squares() + online[1].squares() + online[2].squares());
    float scale = (float) Math.min(1, settings.clipNorm() / (norm + 1e-6));
    updates++;
    for (HeapDense layer : online) {
      layer.step(updates, (float) settings.rate(), scale);
    }
    if (updates % settings.targetEvery() == 0) {
      copyTarget();
    }
    return loss / n;
  }
}
