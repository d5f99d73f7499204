package dev.harpia.models.rl;

import dev.harpia.tensor.Rng;

/**
 * Q-learning (Watkins 1989) with a table of values: q(s, a) += α·(r + γ·max q(s′, ·) − q(s, a)),
 * the maximum left out where the task terminated.
 */
public final class TabularQ implements Agent<Integer> {
  private final double[][] values;
  private final double rate;
  private final double gamma;

  /** A table of zeros for so many states and actions. */
  public TabularQ(int states, int actions, double rate, double gamma) {
    if (!(rate > 0 && rate <= 1 && gamma >= 0 && gamma <= 1)) {
      throw new IllegalArgumentException(
          "q-learning: rate " + rate + " must be in (0, 1], gamma " + gamma + " in [0, 1]");
    }
    values = new double[states][actions];
    this.rate = rate;
    this.gamma = gamma;
  }

  /** The value of an action in a state. */
  public double value(int state, int action) {
    return values[state][action];
  }

  @Override
  public Integer act(float[] observation) {
    return best((int) observation[0]);
  }

  private int best(int state) {
    double[] row = values[state];
    int best = 0;
    for (int a = 1; a < row.length; a++) {
      best = row[a] > row[best] ? a : best;
    }
    return best;
  }

  void learn(int state, int action, Step step) {
    int next = (int) step.observation()[0];
    double future = step.terminated() ? 0 : gamma * values[next][best(next)];
    values[state][action] += rate * (step.reward() + future - values[state][action]);
  }

  /** Plays and learns for so many episodes. */
  public LearningCurve train(
      Environment<Integer> world, int episodes, Exploration exploration, long seed) {
    Rng rng = new Rng(seed);
    LearningCurve curve = new LearningCurve();
    long steps = 0;
    float[] observation = world.reset(rng.nextLong());
    for (int e = 0; e < episodes; e++) {
      double total = 0;
      for (boolean done = false; !done; steps++) {
        int state = (int) observation[0];
        boolean explore = rng.uniformDouble() < exploration.at(e);
        int action = explore ? world.sampleAction(rng) : best(state);
        Step step = world.step(action);
        learn(state, action, step);
        total += step.reward();
        observation = step.observation();
        done = step.done();
      }
      curve.episode(steps, total);
      observation = world.reset();
    }
    return curve;
  }
}
