package dev.harpia.models.rl;

import java.util.ArrayDeque;

/**
 * Turns steps into n-step transitions: reward rₜ + γrₜ₊₁ + … + γⁿ⁻¹rₜ₊ₙ₋₁, then γⁿ times the value
 * of what is seen after. An episode's last transitions are shorter. Where the task terminated the
 * discount is 0: nothing comes after; where the episode was only cut off it is not.
 */
final class NStep {
  private record Begun(float[] observation, int action, double reward) {}

  private final int n;
  private final double gamma;
  private final ReplayBuffer replay;
  private final ArrayDeque<Begun> open = new ArrayDeque<>();

  NStep(int n, double gamma, ReplayBuffer replay) {
    if (n < 1) {
      throw new IllegalArgumentException("n-step: " + n + " steps: must be at least 1");
    }
    this.n = n;
    this.gamma = gamma;
    this.replay = replay;
  }

  /** Notes a step, and adds the transitions that it completes. */
  void add(float[] observation, int action, Step step) {
    open.add(new Begun(observation, action, step.reward()));
    if (open.size() == n) {
      emit(step);
    }
    while (step.done() && !open.isEmpty()) {
      emit(step);
    }
  }

  /** Forgets the transitions that are begun: the episode is left. */
  void clear() {
    open.clear();
  }

  /** Adds the oldest begun transition, which ends with {@code last}. */
  private void emit(Step last) {
    double reward = 0;
    double discount = 1;
    for (Begun b : open) {
      reward += discount * b.reward();
      discount *= gamma;
    }
    Begun first = open.remove();
    replay.add(
        first.observation(),
        first.action(),
        (float) reward,
        last.terminated() ? 0 : (float) discount,
        last.observation());
  }
}
