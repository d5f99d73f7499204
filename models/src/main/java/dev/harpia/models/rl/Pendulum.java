package dev.harpia.models.rl;

import dev.harpia.tensor.Rng;
import java.awt.Color;
import java.util.List;

/**
 * Pendulum: a torque from −2 to 2 must swing a pendulum up and hold it there.
 *
 * <p>State: angle (0 is up), velocity. Observation: cos and sin of the angle, the velocity. Reward
 * −(angle² + 0.1·velocity² + 0.001·torque²), before the step. It never terminates.
 */
public final class Pendulum extends Physics<float[]> {
  private static final double GRAVITY = 10;
  private static final double DT = 0.05;
  private static final float MAX_TORQUE = 2;
  private static final double MAX_SPEED = 8;

  private Pendulum() {}

  /** Pendulum-v1: 200 steps. */
  public static Environment<float[]> v1() {
    return new TimeLimit<>(bare(), 200);
  }

  /** Without a limit of steps. */
  static Pendulum bare() {
    return new Pendulum();
  }

  @Override
  public Space.Box observationSpace() {
    return Space.Box.symmetric(1, 1, (float) MAX_SPEED);
  }

  @Override
  public Space.Box actionSpace() {
    return Space.Box.symmetric(MAX_TORQUE);
  }

  @Override
  double[] first(Rng rng) {
    return new double[] {uniform(rng, 1, -Math.PI, Math.PI)[0], uniform(rng, 1, -1, 1)[0]};
  }

  @Override
  float[] observe() {
    return new float[] {
      (float) Trigonometry.cos(state[0]), (float) Trigonometry.sin(state[0]), (float) state[1]
    };
  }

  @Override
  Step advance(float[] action, Rng rng) {
    double angle = state[0];
    double velocity = state[1];
    double torque = Math.clamp(action[0], -MAX_TORQUE, MAX_TORQUE);
    double off = normal(angle);
    double cost = off * off + 0.1 * velocity * velocity + 0.001 * torque * torque;
    double faster = velocity + (3 * GRAVITY / 2 * Trigonometry.sin(angle) + 3 * torque) * DT;
    faster = Math.clamp(faster, -MAX_SPEED, MAX_SPEED);
    state = new double[] {angle + faster * DT, faster};
    return step(observe(), -cost, false);
  }

  /** The same angle within [−π, π). */
  private static double normal(double angle) {
    double turn = 2 * Math.PI;
    double a = (angle + Math.PI) % turn;
    return (a < 0 ? a + turn : a) - Math.PI;
  }

  @Override
  public Scene scene() {
    double x = -Math.sin(state[0]);
    double y = Math.cos(state[0]);
    return new Scene(
        -1.3,
        -1.3,
        1.3,
        1.3,
        List.of(
            new Scene.Line(0, 0, x, y, 0.18, new Color(204, 77, 77)),
            new Scene.Disc(0, 0, 0.05, Color.DARK_GRAY)));
  }
}
