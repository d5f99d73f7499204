package dev.harpia.models.faces;

import java.util.random.RandomGenerator;

/** Soft-edged ellipses on a picture of 64 × 64 whose corners are (−1, −1) and (1, 1). */
final class Painter {
  private static final int SIDE = FaceSet.SIDE;
  private static final double EDGE = 2.0 / SIDE;
  private static final double NOISE = 0.03;

  private final double[] rgb = new double[FaceSet.SIZE];
  private double cos = 1;
  private double sin;
  private double scale = 1;
  private double shiftX;
  private double shiftY;

  /** Two quiet colours that run into each other. */
  void background(RandomGenerator random) {
    double angle = 2 * Math.PI * random.nextDouble();
    double dx = StrictMath.cos(angle);
    double dy = StrictMath.sin(angle);
    double dark = 0.25 + 0.5 * random.nextDouble();
    double change = 0.3 * (2 * random.nextDouble() - 1);
    for (int c = 0; c < 3; c++) {
      double from = dark + 0.12 * (2 * random.nextDouble() - 1);
      double slope = change + 0.08 * (2 * random.nextDouble() - 1);
      for (int i = 0; i < SIDE * SIDE; i++) {
        double t = 0.5 * (coordinate(i % SIDE) * dx + coordinate(i / SIDE) * dy);
        rgb[c * SIDE * SIDE + i] = from + slope * t;
      }
    }
  }

  private static double coordinate(int i) {
    return (2 * i + 1.0) / SIDE - 1;
  }

  /** What is drawn from now on is turned, shifted and scaled at random. */
  void place(double turn, double shift, RandomGenerator random) {
    double angle = turn * (2 * random.nextDouble() - 1);
    cos = StrictMath.cos(angle);
    sin = StrictMath.sin(angle);
    scale = 0.7 + 0.2 * random.nextDouble();
    shiftX = shift * (2 * random.nextDouble() - 1);
    shiftY = shift * (2 * random.nextDouble() - 1);
  }

  /** What is drawn from now on stands on its head. */
  void turnOver() {
    cos = -cos;
    sin = -sin;
  }

  /** An ellipse with its centre and half axes. */
  void ellipse(double cx, double cy, double rx, double ry, double[] colour) {
    cap(cx, cy, rx, ry, Double.POSITIVE_INFINITY, colour);
  }

  /** The part of an ellipse above a level of y. */
  void cap(double cx, double cy, double rx, double ry, double level, double[] colour) {
    double least = Math.min(rx, ry);
    for (int i = 0; i < SIDE * SIDE; i++) {
      double px = scale * coordinate(i % SIDE) - shiftX;
      double py = scale * coordinate(i / SIDE) - shiftY;
      double x = cos * px + sin * py;
      double y = cos * py - sin * px;
      double ex = (x - cx) / rx;
      double ey = (y - cy) / ry;
      double inside = (1 - Math.sqrt(ex * ex + ey * ey)) * least;
      double cover = Math.clamp(Math.min(inside, level - y) / EDGE + 0.5, 0.0, 1.0);
      if (cover > 0) {
        for (int c = 0; c < 3; c++) {
          int at = c * SIDE * SIDE + i;
          rgb[at] += cover * (colour[c] - rgb[at]);
        }
      }
    }
  }

  /** Light from one side. */
  void light(RandomGenerator random) {
    double angle = 2 * Math.PI * random.nextDouble();
    double dx = 0.15 * StrictMath.cos(angle);
    double dy = 0.15 * StrictMath.sin(angle);
    double level = 0.88 + 0.22 * random.nextDouble();
    for (int i = 0; i < SIDE * SIDE; i++) {
      double gain = level * (1 + dx * coordinate(i % SIDE) + dy * coordinate(i / SIDE));
      for (int c = 0; c < 3; c++) {
        rgb[c * SIDE * SIDE + i] *= gain;
      }
    }
  }

  /** Copies the picture with a little noise. */
  void copy(byte[] pixels, int at, RandomGenerator random) {
    for (int i = 0; i < rgb.length; i++) {
      double noise = NOISE * (2 * (random.nextDouble() + random.nextDouble()) - 2);
      pixels[at + i] = (byte) Math.round(255 * Math.clamp(rgb[i] + noise, 0.0, 1.0));
    }
  }
}
