package dev.harpia.models.data;

import java.util.random.RandomGenerator;

/**
 * One drawn chest: how much of the ray each pixel's tissue stops, in coordinates from −1 to 1 with
 * y downwards.
 */
final class Chest {
  private static final int SIDE = Radiographs.SIDE;

  private final RandomGenerator random;
  private final double[] dense = new double[SIDE * SIDE];
  private final double[][] lungs = new double[2][]; // centre x, y, radii x, y

  Chest(RandomGenerator random) {
    this.random = random;
    double tilt = 0.05 * random.nextGaussian();
    double size = 1 + 0.06 * random.nextGaussian();
    for (int side = 0; side < 2; side++) {
      double sign = side == 0 ? -1 : 1;
      lungs[side] =
          new double[] {
            sign * (0.43 + 0.03 * random.nextGaussian()) + tilt,
            -0.05 + 0.04 * random.nextGaussian(),
            size * (0.31 + 0.02 * random.nextGaussian()),
            size * (0.62 + 0.04 * random.nextGaussian())
          };
    }
    double spine = tilt + 0.02 * random.nextGaussian();
    double heartX = 0.13 + tilt + 0.04 * random.nextGaussian();
    double heartR = 0.27 + 0.04 * random.nextGaussian();
    double floor = 0.60 + 0.05 * random.nextGaussian();
    for (int i = 0; i < dense.length; i++) {
      double x = x(i);
      double y = y(i);
      double torso = soft(1 - StrictMath.hypot(x / 0.97, Math.max(0, -y - 0.2) / 0.95), 0.08);
      double air = Math.max(inside(lungs[0], x, y, 0.12), inside(lungs[1], x, y, 0.12));
      double heart = soft(1 - StrictMath.hypot((x - heartX) / heartR, (y - 0.3) / 0.34), 0.15);
      double belly =
          soft(y - floor - 0.25 * (Math.abs(x - tilt) - 0.4) * (Math.abs(x) - 0.4), 0.05);
      double lung = air * (1 - 0.85 * heart) * (1 - belly);
      double bone = StrictMath.exp(-StrictMath.pow((x - spine) / 0.09, 2));
      dense[i] = torso * (0.62 - 0.42 * lung + 0.14 * bone + 0.05 * heart);
    }
    ribs(tilt);
    vessels();
    if (random.nextDouble() < 0.35) { // a marker on the skin, beside the lungs
      double side = random.nextBoolean() ? 1 : -1;
      double y = -0.4 + 0.9 * random.nextDouble();
      blob(side * (0.84 + 0.06 * random.nextDouble()), y, radius(), contrast());
    }
  }

  private void ribs(double tilt) {
    double first = -0.72 + 0.04 * random.nextGaussian();
    double pitch = 0.185 + 0.01 * random.nextGaussian();
    double fall = 0.34 + 0.05 * random.nextGaussian();
    double strength = 0.06 + 0.03 * random.nextDouble();
    for (int i = 0; i < dense.length; i++) {
      double x = x(i) - tilt;
      double across = Math.abs(x);
      double y = y(i) - fall * across * across + 0.12 * across;
      double wave = Math.abs((y - first) / pitch - Math.rint((y - first) / pitch)) * pitch;
      boolean here = across > 0.1 && across < 0.84 && y > first - 0.1 && y < first + 7.5 * pitch;
      double collar = Math.abs(y(i) + 0.78 - 0.14 * across);
      dense[i] += here ? strength * soft(0.032 - wave, 0.02) : 0;
      dense[i] += across > 0.08 && across < 0.8 ? 0.09 * soft(0.035 - collar, 0.02) : 0;
    }
  }

  /** Branches that run from the middle outwards and fade. */
  private void vessels() {
    for (int v = 0; v < 12; v++) {
      double[] lung = lungs[v % 2];
      double out = v % 2 == 0 ? -1 : 1;
      double x = lung[0] - out * 0.6 * lung[2];
      double y = lung[1] + 0.1 + 0.1 * random.nextGaussian();
      double angle = (random.nextDouble() - 0.5) * 2.6;
      double length = 0.25 + 0.3 * random.nextDouble();
      for (int s = 0; s < 14; s++) {
        double t = s / 14.0;
        angle += 0.06 * random.nextGaussian();
        x += out * StrictMath.cos(angle) * length / 14;
        y += StrictMath.sin(angle) * length / 14;
        blob(x, y, 0.026 * (1.2 - t), 0.028 * (1 - t));
      }
    }
  }

  /** Puts a lesion into a lung, away from its edge; returns {x, y, radius} in pixels. */
  double[] lesion() {
    double[] lung = lungs[random.nextInt(2)];
    double angle = 2 * Math.PI * random.nextDouble();
    double far = 0.72 * Math.sqrt(random.nextDouble());
    double x = lung[0] + far * lung[2] * StrictMath.cos(angle);
    double y = lung[1] + 0.9 * far * lung[3] * StrictMath.sin(angle);
    double r = radius();
    blob(x, y, r, contrast());
    double half = SIDE / 2.0;
    return new double[] {half * (x + 1) - 0.5, half * (y + 1) - 0.5, 1.3 * half * r};
  }

  private double radius() {
    return 0.065 + 0.06 * random.nextDouble();
  }

  private double contrast() {
    return 0.13 + 0.15 * random.nextDouble();
  }

  private void blob(double cx, double cy, double r, double strength) {
    for (int i = 0; i < dense.length; i++) {
      double d = StrictMath.hypot(x(i) - cx, y(i) - cy) / r;
      if (d < 2.5) {
        dense[i] += strength * StrictMath.exp(-d * d * d * d / 2);
      }
    }
  }

  /** Takes the picture: exposure, contrast, and the noise of few photons. */
  void expose(byte[] pixels, int at) {
    double gain = 1 + 0.12 * random.nextGaussian();
    double shift = 0.05 + 0.04 * random.nextGaussian();
    double noise = 0.018 + 0.012 * random.nextDouble();
    for (int i = 0; i < dense.length; i++) {
      double v = shift + gain * dense[i] + noise * random.nextGaussian();
      pixels[at + i] = (byte) Math.round(255 * Math.clamp(v, 0.0, 1.0));
    }
  }

  private static double inside(double[] ellipse, double x, double y, double edge) {
    return soft(
        1 - StrictMath.hypot((x - ellipse[0]) / ellipse[2], (y - ellipse[1]) / ellipse[3]), edge);
  }

  /** 0 below, 1 above, smooth between −edge and edge. */
  private static double soft(double v, double edge) {
    double t = Math.clamp(0.5 + v / (2 * edge), 0.0, 1.0);
    return t * t * (3 - 2 * t);
  }

  private static double x(int i) {
    return (i % SIDE + 0.5) / SIDE * 2 - 1;
  }

  private static double y(int i) {
    return (i / SIDE + 0.5) / SIDE * 2 - 1;
  }
}
