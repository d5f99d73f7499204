package dev.harpia.models.rl;

import static dev.harpia.models.rl.Trigonometry.cos;
import static dev.harpia.models.rl.Trigonometry.sin;
import static java.lang.Math.PI;

import dev.harpia.tensor.Rng;
import java.awt.Color;
import java.util.List;

/**
 * Acrobot (Sutton 1996): two links hang from a bar; torque −1, 0 or 1 (actions 0, 1, 2) at the
 * joint between them must swing the tip one link's length above the bar.
 *
 * <p>State: angle of the first link, angle of the second relative to it, their velocities.
 * Observation: cos and sin of both angles, the velocities. Reward −1 per step, 0 at the end.
 */
public final class Acrobot extends Physics<Integer> {
  private static final double DT = 0.2;
  private static final double MASS = 1; // of either link
  private static final double LENGTH = 1;
  private static final double CENTRE = 0.5; // of mass, from the link's joint
  private static final double INERTIA = 1;
  private static final double GRAVITY = 9.8;
  private static final double MAX_VELOCITY_1 = 4 * PI;
  private static final double MAX_VELOCITY_2 = 9 * PI;

  private Acrobot() {}

  /** Acrobot-v1: at most 500 steps. */
  public static Environment<Integer> v1() {
    return new TimeLimit<>(bare(), 500);
  }

  /** Without a limit of steps. */
  static Acrobot bare() {
    return new Acrobot();
  }

  @Override
  public Space.Box observationSpace() {
    return Space.Box.symmetric(1, 1, 1, 1, (float) MAX_VELOCITY_1, (float) MAX_VELOCITY_2);
  }

  @Override
  public Space.Discrete actionSpace() {
    return new Space.Discrete(3);
  }

  @Override
  double[] first(Rng rng) {
    return uniform(rng, 4, -0.1, 0.1);
  }

  @Override
  float[] observe() {
    return new float[] {
      (float) cos(state[0]),
      (float) sin(state[0]),
      (float) cos(state[1]),
      (float) sin(state[1]),
      (float) state[2],
      (float) state[3]
    };
  }

  @Override
  Step advance(Integer action, Rng rng) {
    double[] s = rungeKutta(state, action - 1);
    s[0] = wrap(s[0]);
    s[1] = wrap(s[1]);
    s[2] = Math.clamp(s[2], -MAX_VELOCITY_1, MAX_VELOCITY_1);
    s[3] = Math.clamp(s[3], -MAX_VELOCITY_2, MAX_VELOCITY_2);
    state = s;
    boolean up = -cos(s[0]) - cos(s[1] + s[0]) > 1;
    return step(observe(), up ? 0 : -1, up);
  }

  /** One step of the classical fourth-order method. */
  private static double[] rungeKutta(double[] y, double torque) {
    double[] k1 = derivative(y, torque);
    double[] k2 = derivative(moved(y, k1, DT / 2), torque);
    double[] k3 = derivative(moved(y, k2, DT / 2), torque);
    double[] k4 = derivative(moved(y, k3, DT), torque);
    double[] next = new double[y.length];
    for (int i = 0; i < next.length; i++) {
      next[i] = y[i] + DT / 6.0 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
    }
    return next;
  }

  private static double[] moved(double[] y, double[] k, double dt) {
    double[] z = new double[y.length];
    for (int i = 0; i < z.length; i++) {
      z[i] = y[i] + dt * k[i];
    }
    return z;
  }

  /** Sutton and Barto's equations of motion. */
  private static double[] derivative(double[] s, double torque) {
    double a1 = s[0];
    double a2 = s[1];
    double w1 = s[2];
    double w2 = s[3];
    double coupling = MASS * LENGTH * CENTRE;
    double d1 =
        MASS * CENTRE * CENTRE
            + MASS * (LENGTH * LENGTH + CENTRE * CENTRE + 2 * LENGTH * CENTRE * cos(a2))
            + 2 * INERTIA;
    double d2 = MASS * (CENTRE * CENTRE + LENGTH * CENTRE * cos(a2)) + INERTIA;
    double phi2 = MASS * CENTRE * GRAVITY * cos(a1 + a2 - PI / 2);
    double phi1 =
        -coupling * (w2 * w2) * sin(a2)
            - 2 * coupling * w2 * w1 * sin(a2)
            + (MASS * CENTRE + MASS * LENGTH) * GRAVITY * cos(a1 - PI / 2)
            + phi2;
    double acceleration2 =
        (torque + d2 / d1 * phi1 - coupling * (w1 * w1) * sin(a2) - phi2)
            / (MASS * CENTRE * CENTRE + INERTIA - d2 * d2 / d1);
    double acceleration1 = -(d2 * acceleration2 + phi1) / d1;
    return new double[] {w1, w2, acceleration1, acceleration2};
  }

  private static double wrap(double angle) {
    double a = angle;
    while (a > PI) {
      a -= 2 * PI;
    }
    while (a < -PI) {
      a += 2 * PI;
    }
    return a;
  }

  @Override
  public Scene scene() {
    double x1 = LENGTH * sin(state[0]);
    double y1 = -LENGTH * cos(state[0]);
    double x2 = x1 + LENGTH * sin(state[0] + state[1]);
    double y2 = y1 - LENGTH * cos(state[0] + state[1]);
    Color link = new Color(0, 160, 160);
    return new Scene(
        -2.2,
        -2.2,
        2.2,
        2.2,
        List.of(
            new Scene.Line(-2.2, LENGTH, 2.2, LENGTH, 0.02, Color.GRAY),
            new Scene.Line(0, 0, x1, y1, 0.15, link),
            new Scene.Line(x1, y1, x2, y2, 0.15, link),
            new Scene.Disc(0, 0, 0.1, Color.DARK_GRAY),
            new Scene.Disc(x1, y1, 0.1, Color.DARK_GRAY)));
  }
}
