package dev.harpia.models.rl;

import java.util.ArrayList;
import java.util.List;

/**
 * Steps of N environments over a horizon of T, row t·N + i, and their advantages.
 *
 * @param <A> an action
 */
final class Rollout<A> {
  final List<float[]> observations = new ArrayList<>();
  final List<A> actions = new ArrayList<>();
  final List<Double> logProbabilities = new ArrayList<>();
  private final List<Double> values = new ArrayList<>();
  private final List<Double> rewards = new ArrayList<>();
  private final List<Boolean> ends = new ArrayList<>();
  private final int copies;

  Rollout(int copies) {
    this.copies = copies;
  }

  int size() {
    return actions.size();
  }

  /**
   * Adds a step.
   *
   * @param reward its reward; where the episode was cut off, plus γ times the last state's value
   * @param end whether the episode ended
   */
  void add(
      float[] observation,
      A action,
      double logProbability,
      double value,
      double reward,
      boolean end) {
    observations.add(observation);
    actions.add(action);
    logProbabilities.add(logProbability);
    values.add(value);
    rewards.add(reward);
    ends.add(end);
  }

  /**
   * Generalised advantages: Aₜ = δₜ + γλ·Aₜ₊₁ with δₜ = rₜ + γ·v(sₜ₊₁) − v(sₜ), both without what
   * follows where the episode ends.
   *
   * @param last the values of the states after the last steps
   */
  double[] advantages(double[] last, double gamma, double lambda) {
    double[] advantages = new double[size()];
    for (int i = 0; i < copies; i++) {
      double next = last[i];
      double ahead = 0;
      for (int k = size() - copies + i; k >= 0; k -= copies) {
        double open = ends.get(k) ? 0 : 1;
        double delta = rewards.get(k) + gamma * next * open - values.get(k);
        ahead = delta + gamma * lambda * open * ahead;
        advantages[k] = ahead;
        next = values.get(k);
      }
    }
    return advantages;
  }

  /** What the value function should have said: advantage + value. */
  double[] returns(double[] advantages) {
    double[] returns = advantages.clone();
    for (int k = 0; k < returns.length; k++) {
      returns[k] += values.get(k);
    }
    return returns;
  }
}
