package dev.harpia.models.rl;

import dev.harpia.tensor.Rng;
import java.awt.Color;
import java.util.List;

/**
 * CartPole (Barto, Sutton, Anderson 1983): push a cart left (0) or right (1) so that the pole on it
 * stays up.
 *
 * <p>Observation: position (m), velocity, angle (rad), angular velocity. Reward 1 per step. Ends
 * when |position| &gt; 2.4 or |angle| &gt; 12°.
 */
public final class CartPole extends Physics<Integer> {
  private static final double GRAVITY = 9.8;
  private static final double POLE_MASS = 0.1;
  private static final double TOTAL_MASS = 1.0 + POLE_MASS;
  private static final double HALF_LENGTH = 0.5;
  private static final double POLE_MOMENT = POLE_MASS * HALF_LENGTH;
  private static final double FORCE = 10;
  private static final double DT = 0.02;
  private static final double LIMIT = 2.4;
  private static final double ANGLE = 12 * 2 * Math.PI / 360;
  private static final double LOW = -0.05;

  private final boolean suttonBarto;

  private CartPole(boolean suttonBarto) {
    this.suttonBarto = suttonBarto;
  }

  /** CartPole-v1: at most 500 steps. */
  public static Environment<Integer> v1() {
    return new TimeLimit<>(bare(), 500);
  }

  /** Without a limit of steps. */
  static CartPole bare() {
    return new CartPole(false);
  }

  /** With Sutton and Barto's reward: 0 per step, −1 at the end. */
  static CartPole suttonBarto() {
    return new CartPole(true);
  }

  @Override
  public Space.Box observationSpace() {
    float inf = Float.POSITIVE_INFINITY;
    return Space.Box.symmetric((float) (2 * LIMIT), inf, (float) (2 * ANGLE), inf);
  }

  @Override
  public Space.Discrete actionSpace() {
    return new Space.Discrete(2);
  }

  @Override
  double[] first(Rng rng) {
    return uniform(rng, 4, LOW, -LOW);
  }

  @Override
  Step advance(Integer action, Rng rng) {
    double x = state[0];
    double v = state[1];
    double angle = state[2];
    double spin = state[3];
    double force = action == 1 ? FORCE : -FORCE;
    double cos = Trigonometry.cos(angle);
    double sin = Trigonometry.sin(angle);
    double push = (force + POLE_MOMENT * (spin * spin) * sin) / TOTAL_MASS;
    double turn =
        (GRAVITY * sin - cos * push)
            / (HALF_LENGTH * (4.0 / 3.0 - POLE_MASS * (cos * cos) / TOTAL_MASS));
    double acceleration = push - POLE_MOMENT * turn * cos / TOTAL_MASS;
    // explicit Euler: positions move by the old velocities
    x += DT * v;
    v += DT * acceleration;
    angle += DT * spin;
    spin += DT * turn;
    state = new double[] {x, v, angle, spin};
    boolean fell = x < -LIMIT || x > LIMIT || angle < -ANGLE || angle > ANGLE;
    double reward = suttonBarto ? (fell ? -1 : 0) : 1;
    return step(observe(), reward, fell);
  }

  @Override
  public Scene scene() {
    double x = state[0];
    double tipX = x + 2 * HALF_LENGTH * Math.sin(state[2]);
    double tipY = 0.2 + 2 * HALF_LENGTH * Math.cos(state[2]);
    return new Scene(
        -LIMIT,
        -0.5,
        LIMIT,
        1.9,
        List.of(
            new Scene.Line(-LIMIT, 0, LIMIT, 0, 0.02, Color.GRAY),
            new Scene.Rectangle(x - 0.25, -0.1, 0.5, 0.3, new Color(40, 60, 90)),
            new Scene.Line(x, 0.2, tipX, tipY, 0.1, new Color(202, 152, 101)),
            new Scene.Disc(x, 0.2, 0.05, new Color(129, 132, 203))));
  }
}
