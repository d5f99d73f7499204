package dev.harpia.models.data;

import dev.harpia.nn.data.LabelledImages;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Handwritten-style digits, drawn from pen strokes: 28×28 grey bytes, light on dark, laid out as
 * MNIST lays out its digits.
 *
 * <p>Each picture picks one of several ways to draw its digit, moves the control points, bends,
 * slants, turns and stretches the whole, and draws it with a pen of varying thickness. A picture
 * depends on the seed and on its number alone: any range can be drawn, in any order.
 */
public final class SyntheticDigits {
  /** Pixels along each side of a picture. */
  public static final int SIDE = 28;

  /** The first picture of the part kept for testing; training pictures are numbered from 0. */
  private static final long TEST_PART = 1L << 40;

  private static final RandomGeneratorFactory<RandomGenerator> RANDOM =
      RandomGeneratorFactory.of("L64X128MixRandom");

  private final long seed;
  private final Pen pen = new Pen();
  private final float[] ink = new float[SIDE * SIDE];

  private SyntheticDigits(long seed) {
    this.seed = seed;
  }

  /** Training pictures 0 … count−1 of a seed. */
  public static LabelledImages train(int count, long seed) {
    return range(seed, 0, count);
  }

  /** Test pictures 0 … count−1 of a seed; none of them is a training picture. */
  public static LabelledImages test(int count, long seed) {
    return range(seed, TEST_PART, count);
  }

  private static LabelledImages range(long seed, long from, int count) {
    if (count < 0 || count > 1_000_000) {
      throw new IllegalArgumentException("digits: count " + count + " is not in 0 … 1000000");
    }
    byte[] pixels = new byte[count * SIDE * SIDE];
    byte[] labels = new byte[count];
    SyntheticDigits digits = new SyntheticDigits(seed);
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) digits.draw(from + i, pixels, i * SIDE * SIDE);
    }
    return new LabelledImages(count, SIDE, SIDE, pixels, labels);
  }

  /** Draws picture {@code index} at {@code at} and returns its digit. */
  private int draw(long index, byte[] pixels, int at) {
    RandomGenerator random = RANDOM.create(seed * 0x9E3779B97F4A7C15L + index);
    int digit = random.nextInt(10);
    pen.clear();
    double wobble = 0.012 + 0.034 * random.nextDouble();
    for (double[] stroke : Glyphs.strokes(digit, random.nextInt(Glyphs.variants(digit)))) {
      pen.stroke(wobble(stroke, wobble, random));
    }
    deform(random);
    place(random);
    press(random);
    pen.draw(SIDE, 0.7 + 0.7 * random.nextDouble(), ink);
    double darkness = 225 + 30 * random.nextDouble();
    for (int i = 0; i < SIDE * SIDE; i++) {
      pixels[at + i] = (byte) Math.round(darkness * ink[i]);
    }
    return digit;
  }

  /** Moves each control point a little; corners stay corners. */
  private static double[] wobble(double[] stroke, double amount, RandomGenerator random) {
    double[] moved = new double[stroke.length];
    double dx = amount * bell(random);
    double dy = amount * bell(random);
    for (int i = 0; i < stroke.length; i += 2) {
      if (i >= 2 && stroke[i] == stroke[i - 2] && stroke[i + 1] == stroke[i - 1]) {
        moved[i] = moved[i - 2];
        moved[i + 1] = moved[i - 1];
      } else {
        moved[i] = stroke[i] + dx + amount * bell(random);
        moved[i + 1] = stroke[i + 1] + dy + amount * bell(random);
      }
    }
    return moved;
  }

  /** Bends, stretches, slants and turns the whole digit. */
  private void deform(RandomGenerator random) {
    double width = 0.72 * (1 + 0.16 * bell(random));
    double slant = 0.12 + 0.2 * bell(random);
    double angle = 0.09 * bell(random);
    double sin = StrictMath.sin(angle);
    double cos = StrictMath.cos(angle);
    double bendX = 0.1 * bell(random);
    double bendY = 0.07 * bell(random);
    double heavy = 0.12 * bell(random);
    for (int i = 0; i < pen.size(); i++) {
      double x = pen.x(i) - 0.5;
      double y = pen.y(i) - 0.5;
      double u = width * (x * (1 + heavy * 2 * y) + bendX * (4 * y * y - 0.5));
      double v = y * (1 + heavy * y) + bendY * (4 * x * x - 0.5);
      u -= slant * v;
      pen.set(i, cos * u - sin * v, sin * u + cos * v);
    }
  }

  /** Scales the digit to about 18 pixels and puts its centre of mass near the middle. */
  private void place(RandomGenerator random) {
    double left = Double.POSITIVE_INFINITY;
    double right = Double.NEGATIVE_INFINITY;
    double top = Double.POSITIVE_INFINITY;
    double bottom = Double.NEGATIVE_INFINITY;
    double sumX = 0;
    double sumY = 0;
    for (int i = 0; i < pen.size(); i++) {
      left = Math.min(left, pen.x(i));
      right = Math.max(right, pen.x(i));
      top = Math.min(top, pen.y(i));
      bottom = Math.max(bottom, pen.y(i));
      sumX += pen.x(i);
      sumY += pen.y(i);
    }
    double scale = (17.5 + 0.9 * bell(random)) / Math.max(bottom - top, right - left);
    double middle = SIDE / 2.0;
    double moveX = middle + 0.6 * bell(random) - scale * sumX / pen.size();
    double moveY = middle + 0.6 * bell(random) - scale * sumY / pen.size();
    moveX = Math.clamp(moveX, 3 - scale * left, SIDE - 3 - scale * right);
    moveY = Math.clamp(moveY, 3 - scale * top, SIDE - 3 - scale * bottom);
    for (int i = 0; i < pen.size(); i++) {
      pen.set(i, scale * pen.x(i) + moveX, scale * pen.y(i) + moveY);
    }
  }

  /**
   * Gives the line its thickness: a base that a slow wave along the line makes thinner and thicker.
   */
  private void press(RandomGenerator random) {
    double base = 0.75 + 0.85 * random.nextDouble();
    double swing = 0.28 * random.nextDouble();
    double pace = 0.06 + 0.12 * random.nextDouble();
    double phase = 6.283 * random.nextDouble();
    for (int i = 0; i < pen.size(); i++) {
      pen.radius(i, base * (1 + swing * StrictMath.sin(phase + pace * i)));
    }
  }

  /** Roughly normal with deviation 1, never beyond ±3: a wild outlier would be no digit. */
  private static double bell(RandomGenerator random) {
    return 2 * (random.nextDouble() + random.nextDouble() + random.nextDouble()) - 3;
  }
}
