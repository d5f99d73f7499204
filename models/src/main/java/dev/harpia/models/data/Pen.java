package dev.harpia.models.data;

import java.util.Arrays;

/**
 * A pen line as a chain of short segments with a radius at every point, and its anti-aliased
 * picture.
 *
 * <p>A pixel's ink follows from its distance to the nearest segment: full inside the radius,
 * falling to nothing over the width of the soft edge. Overlapping segments take the maximum, so a
 * line that crosses itself does not darken.
 */
final class Pen {
  /** Points of a curve between two control points. */
  private static final int STEPS = 7;

  private double[] points = new double[3 * 512];
  private int size;

  /** Forgets the line. */
  void clear() {
    size = 0;
  }

  /**
   * Adds a stroke: Catmull-Rom curves through the control points.
   *
   * @param xy control points x₀, y₀, x₁, y₁, …; a point given twice in a row is a corner
   */
  void stroke(double[] xy) {
    int count = xy.length / 2;
    int start = 0;
    boolean first = true;
    for (int i = 1; i <= count; i++) {
      boolean corner = i < count && xy[2 * i] == xy[2 * i - 2] && xy[2 * i + 1] == xy[2 * i - 1];
      if (i == count || corner) {
        curve(xy, start, i - 1, first);
        start = i;
        first = false;
      }
    }
  }

  /**
   * Control points {@code from} … {@code to}, ends included; the first of a stroke starts with the
   * pen up.
   */
  private void curve(double[] xy, int from, int to, boolean lift) {
    add(xy[2 * from], xy[2 * from + 1], lift);
    for (int i = from; i < to; i++) {
      int before = 2 * Math.max(from, i - 1);
      int a = 2 * i;
      int b = 2 * (i + 1);
      int after = 2 * Math.min(to, i + 2);
      for (int s = 1; s <= STEPS; s++) {
        double t = (double) s / STEPS;
        add(
            spline(xy[before], xy[a], xy[b], xy[after], t),
            spline(xy[before + 1], xy[a + 1], xy[b + 1], xy[after + 1], t),
            false);
      }
    }
  }

  private static double spline(double p0, double p1, double p2, double p3, double t) {
    double linear = p2 - p0;
    double square = 2 * p0 - 5 * p1 + 4 * p2 - p3;
    double cube = 3 * (p1 - p2) + p3 - p0;
    return p1 + 0.5 * t * (linear + t * (square + t * cube));
  }

  private void add(double x, double y, boolean lift) {
    if (3 * size == points.length) {
      points = Arrays.copyOf(points, 2 * points.length);
    }
    points[3 * size] = x;
    points[3 * size + 1] = y;
    points[3 * size + 2] = lift ? -1 : 1; // the sign says whether a segment ends here
    size++;
  }

  /** Points of the line so far. */
  int size() {
    return size;
  }

  double x(int i) {
    return points[3 * i];
  }

  double y(int i) {
    return points[3 * i + 1];
  }

  /** Moves a point. */
  void set(int i, double x, double y) {
    points[3 * i] = x;
    points[3 * i + 1] = y;
  }

  /** Sets the radius at a point. */
  void radius(int i, double r) {
    points[3 * i + 2] = points[3 * i + 2] < 0 ? -r : r;
  }

  /**
   * Draws the line in pixel units: pixel (row, column) has its centre at (column + ½, row + ½).
   *
   * @param edge width of the soft edge in pixels
   * @param ink [side, side], overwritten with 0 … 1
   */
  void draw(int side, double edge, float[] ink) {
    Arrays.fill(ink, 0f);
    for (int i = 1; i < size; i++) {
      double r1 = points[3 * i + 2];
      if (r1 > 0) {
        double r0 = Math.abs(points[3 * i - 1]);
        segment(x(i - 1), y(i - 1), r0, x(i), y(i), r1, side, edge, ink);
      }
    }
  }

  private static void segment(
      double x0,
      double y0,
      double r0,
      double x1,
      double y1,
      double r1,
      int side,
      double edge,
      float[] ink) {
    double reach = Math.max(r0, r1) + edge;
    int left = clamp(Math.floor(Math.min(x0, x1) - reach), side);
    int right = clamp(Math.ceil(Math.max(x0, x1) + reach), side);
    int top = clamp(Math.floor(Math.min(y0, y1) - reach), side);
    int bottom = clamp(Math.ceil(Math.max(y0, y1) + reach), side);
    double dx = x1 - x0;
    double dy = y1 - y0;
    double square = Math.max(dx * dx + dy * dy, 1e-12);
    for (int row = top; row < bottom; row++) {
      for (int column = left; column < right; column++) {
        double px = column + 0.5 - x0;
        double py = row + 0.5 - y0;
        double t = Math.clamp((px * dx + py * dy) / square, 0.0, 1.0);
        double qx = px - t * dx;
        double qy = py - t * dy;
        double inside = r0 + t * (r1 - r0) - Math.sqrt(qx * qx + qy * qy);
        float value = (float) Math.clamp(inside / edge + 0.5, 0.0, 1.0);
        int at = row * side + column;
        ink[at] = Math.max(ink[at], value);
      }
    }
  }

  private static int clamp(double value, int side) {
    return (int) Math.clamp(value, 0.0, side);
  }
}
