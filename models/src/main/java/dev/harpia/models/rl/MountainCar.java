package dev.harpia.models.rl;

import dev.harpia.tensor.Rng;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;

/**
 * MountainCar (Moore 1990): a car too weak for the hill must swing up. Actions: push left (0), not
 * (1), right (2).
 *
 * <p>Observation: position, velocity. Reward −1 per step. Ends at position 0.5.
 */
public final class MountainCar extends Physics<Integer> {
  static final double LEFT = -1.2;
  static final double RIGHT = 0.6;
  static final double MAX_SPEED = 0.07;
  private static final double GOAL = 0.5;
  private static final double FORCE = 0.001;
  private static final double GRAVITY = 0.0025;

  private MountainCar() {}

  /** MountainCar-v0: at most 200 steps. */
  public static Environment<Integer> v0() {
    return new TimeLimit<>(bare(), 200);
  }

  /** Without a limit of steps. */
  static MountainCar bare() {
    return new MountainCar();
  }

  @Override
  public Space.Box observationSpace() {
    return space();
  }

  static Space.Box space() {
    return new Space.Box(
        new float[] {(float) LEFT, (float) -MAX_SPEED},
        new float[] {(float) RIGHT, (float) MAX_SPEED});
  }

  @Override
  public Space.Discrete actionSpace() {
    return new Space.Discrete(3);
  }

  @Override
  double[] first(Rng rng) {
    return new double[] {uniform(rng, 1, -0.6, -0.4)[0], 0};
  }

  @Override
  Step advance(Integer action, Rng rng) {
    double position = state[0];
    double velocity = state[1];
    velocity += (action - 1) * FORCE + Math.cos(3 * position) * -GRAVITY;
    velocity = Math.clamp(velocity, -MAX_SPEED, MAX_SPEED);
    position = Math.clamp(position + velocity, LEFT, RIGHT);
    if (position == LEFT && velocity < 0) {
      velocity = 0;
    }
    state = new double[] {position, velocity};
    return step(observe(), -1, position >= GOAL && velocity >= 0);
  }

  @Override
  public Scene scene() {
    return scene(state[0], GOAL);
  }

  static Scene scene(double position, double goal) {
    List<Scene.Shape> shapes = new ArrayList<>();
    int pieces = 40;
    for (int i = 0; i < pieces; i++) {
      double a = LEFT + (RIGHT - LEFT) * i / pieces;
      double b = LEFT + (RIGHT - LEFT) * (i + 1) / pieces;
      shapes.add(new Scene.Line(a, height(a), b, height(b), 0.015, Color.GRAY));
    }
    double top = height(goal);
    Color flag = new Color(200, 60, 50);
    shapes.add(new Scene.Line(goal, top, goal, top + 0.2, 0.012, Color.DARK_GRAY));
    shapes.add(new Scene.Rectangle(goal, top + 0.13, 0.1, 0.07, flag));
    shapes.add(new Scene.Disc(position, height(position) + 0.05, 0.05, new Color(40, 60, 90)));
    return new Scene(LEFT, -0.05, RIGHT + 0.05, 1.3, shapes);
  }

  private static double height(double x) {
    return Math.sin(3 * x) * 0.45 + 0.55;
  }
}
