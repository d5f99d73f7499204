package dev.harpia.models.rl;

import dev.harpia.tensor.Rng;

/**
 * MountainCar with a force from −1 to 1: it costs its square, and the goal at 0.45 pays 100.
 *
 * <p>Observation: position, velocity.
 */
public final class MountainCarContinuous extends Physics<float[]> {
  private static final double GOAL = 0.45;
  private static final double POWER = 0.0015;
  private static final double GRAVITY = 0.0025;

  private MountainCarContinuous() {}

  /** MountainCarContinuous-v0: at most 999 steps. */
  public static Environment<float[]> v0() {
    return new TimeLimit<>(bare(), 999);
  }

  /** Without a limit of steps. */
  static MountainCarContinuous bare() {
    return new MountainCarContinuous();
  }

  @Override
  public Space.Box observationSpace() {
    return MountainCar.space();
  }

  @Override
  public Space.Box actionSpace() {
    return Space.Box.symmetric(1);
  }

  @Override
  double[] first(Rng rng) {
    return new double[] {uniform(rng, 1, -0.6, -0.4)[0], 0};
  }

  @Override
  Step advance(float[] action, Rng rng) {
    double position = state[0];
    double velocity = state[1];
    double force = Math.clamp(action[0], -1f, 1f);
    velocity += force * POWER - GRAVITY * Math.cos(3 * position);
    velocity = Math.clamp(velocity, -MountainCar.MAX_SPEED, MountainCar.MAX_SPEED);
    position = Math.clamp(position + velocity, MountainCar.LEFT, MountainCar.RIGHT);
    if (position == MountainCar.LEFT && velocity < 0) {
      velocity = 0;
    }
    boolean arrived = position >= GOAL && velocity >= 0;
    double reward = (arrived ? 100 : 0) - (double) action[0] * action[0] * 0.1;
    // the original keeps its state in single precision
    state = new double[] {(float) position, (float) velocity};
    return step(observe(), reward, arrived);
  }

  @Override
  public Scene scene() {
    return MountainCar.scene(state[0], GOAL);
  }
}
