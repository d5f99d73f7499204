package dev.harpia.models.perceptron;

import dev.harpia.models.picture.DecisionMap;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * A question with two numbers and a yes or no.
 *
 * @param name what is asked
 * @param frame the part of the plane that a picture shows, with the names of the two numbers
 * @param x [N][2], centred so that a perceptron learns quickly
 * @param y [N][1], 1 for yes
 * @param points the examples as they are drawn
 */
@SuppressWarnings("ArrayRecordComponent") // a plain carrier; two tasks are never compared
record Task(
    String name,
    DecisionMap.Frame frame,
    float[][] x,
    float[][] y,
    List<DecisionMap.Point> points) {
  private static final int STUDENTS = 200;
  private static final DecisionMap.Frame UNIT =
      new DecisionMap.Frame("a", -0.5, 1.5, "b", -0.5, 1.5);
  private static final DecisionMap.Frame COURSE =
      new DecisionMap.Frame("lectures attended", 0, 10, "hours spent on the final project", 0, 10);

  /** The four rows of a truth table: the answers for (0,0), (0,1), (1,0), (1,1). */
  static Task gate(String name, int... answers) {
    List<DecisionMap.Point> points = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      points.add(new DecisionMap.Point(i / 2, i % 2, answers[i] == 1));
    }
    return of(name, UNIT, points);
  }

  /**
   * "Will I pass this course?": students with the lectures that they attended and the hours that
   * they spent on the project. Both help, hours more; the rest is luck, so no line separates them
   * all.
   */
  static Task course(long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    List<DecisionMap.Point> points = new ArrayList<>();
    for (int i = 0; i < STUDENTS; i++) {
      double lectures = 10 * random.nextDouble();
      double hours = 10 * random.nextDouble();
      double luck = 0.6 * random.nextGaussian();
      points.add(new DecisionMap.Point(lectures, hours, 0.6 * lectures + 0.8 * hours + luck > 6.5));
    }
    return of("will I pass?", COURSE, points);
  }

  private static Task of(String name, DecisionMap.Frame frame, List<DecisionMap.Point> points) {
    float[][] x = new float[points.size()][];
    float[][] y = new float[points.size()][];
    for (int i = 0; i < x.length; i++) {
      DecisionMap.Point point = points.get(i);
      x[i] = input(frame, point.x(), point.y());
      y[i] = new float[] {point.positive() ? 1 : 0};
    }
    return new Task(name, frame, x, y, List.copyOf(points));
  }

  /** A point of the plane as the perceptron sees it: the frame becomes −1 … 1. */
  static float[] input(DecisionMap.Frame frame, double x, double y) {
    return new float[] {
      (float) (2 * (x - frame.x0()) / (frame.x1() - frame.x0()) - 1),
      (float) (2 * (y - frame.y0()) / (frame.y1() - frame.y0()) - 1)
    };
  }

  /**
   * The frame's points on a grid of {@code side} × {@code side}, row by row from the lower left
   * corner.
   */
  float[][] grid(int side) {
    float[][] grid = new float[side * side][];
    for (int row = 0; row < side; row++) {
      for (int column = 0; column < side; column++) {
        double u = (double) column / (side - 1);
        double v = (double) row / (side - 1);
        grid[row * side + column] =
            input(
                frame,
                frame.x0() + u * (frame.x1() - frame.x0()),
                frame.y0() + v * (frame.y1() - frame.y0()));
      }
    }
    return grid;
  }
}
