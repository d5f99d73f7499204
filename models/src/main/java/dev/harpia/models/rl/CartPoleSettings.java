package dev.harpia.models.rl;

import java.util.Locale;
import java.util.Optional;

/**
 * What the CartPole lab does.
 *
 * @param agent who learns
 * @param steps the most steps in the environment
 * @param episodes the most episodes, for REINFORCE, which counts in them
 * @param runs how many times, with seeds that follow one another
 * @param seed the first seed
 */
public record CartPoleSettings(Method agent, long steps, int episodes, int runs, long seed) {
  /** A way of learning. */
  public enum Method {
    /** Deep Q-learning. */
    DQN,
    /** With double Q-learning. */
    DOUBLE,
    /** With heads for value and advantages. */
    DUELING,
    /** Double, dueling, 3-step, prioritised. */
    RAINBOW_LITE,
    /** Monte-Carlo policy gradients. */
    REINFORCE,
    /** Advantage actor-critic. */
    A2C,
    /** Proximal policy optimisation. */
    PPO;

    /** As it is typed. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Checks the numbers. */
  public CartPoleSettings {
    atLeastOne("steps", steps);
    atLeastOne("episodes", episodes);
    atLeastOne("runs", runs);
  }

  private static void atLeastOne(String what, long n) {
    if (n < 1) {
      throw new IllegalArgumentException(what + ": " + n + ": must be at least 1");
    }
  }

  /** Fills in what is not given: enough to solve the task. */
  public static CartPoleSettings of(
      Method agent, Optional<Long> steps, Optional<Integer> episodes, int runs, long seed) {
    long most =
        switch (agent) {
          case DQN, DOUBLE, DUELING, RAINBOW_LITE -> 50_000;
          case A2C -> 200_000;
          case PPO, REINFORCE -> 100_000;
        };
    return new CartPoleSettings(agent, steps.orElse(most), episodes.orElse(1000), runs, seed);
  }

  /** The settings of the Q-network, for the methods that have one. */
  DqnSettings dqn() {
    DqnSettings plain = DqnSettings.dqn();
    return switch (agent) {
      case DOUBLE -> plain.withDouble();
      case DUELING -> plain.withDueling();
      case RAINBOW_LITE -> DqnSettings.rainbowLite();
      case DQN, REINFORCE, A2C, PPO -> plain;
    };
  }
}
