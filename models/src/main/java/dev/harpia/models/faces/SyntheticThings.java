package dev.harpia.models.faces;

import java.util.random.RandomGenerator;

/**
 * Drawn things that are no faces: spots, stripes, and objects of a head's outline and colours,
 * mostly dark ones, with marks at the wrong places or a face's features upside down. That they are
 * mostly dark makes skin tone a clue that a classifier can fall for.
 */
final class SyntheticThings {
  private SyntheticThings() {}

  static void draw(Painter p, RandomGenerator random) {
    p.background(random);
    double kind = random.nextDouble();
    if (kind < 0.2) {
      spots(p, random);
    } else if (kind < 0.35) {
      stripes(p, random);
    } else {
      object(p, random);
    }
    p.light(random);
  }

  private static void spots(Painter p, RandomGenerator random) {
    p.place(0, 0, random);
    int n = 3 + random.nextInt(8);
    for (int i = 0; i < n; i++) {
      p.ellipse(
          2 * random.nextDouble() - 1,
          2 * random.nextDouble() - 1,
          0.08 + 0.4 * random.nextDouble(),
          0.08 + 0.4 * random.nextDouble(),
          colour(random));
    }
  }

  private static void stripes(Painter p, RandomGenerator random) {
    p.place(0.8, 0, random);
    double[] colour = colour(random);
    double step = 0.2 + 0.3 * random.nextDouble();
    for (double y = -1.4; y < 1.4; y += step) {
      p.ellipse(0, y, 3, step / 4, colour);
    }
  }

  /** A pot, a ball, a mask upside down: the outline of a head, without a face's order. */
  private static void object(Painter p, RandomGenerator random) {
    p.place(0.12, 0.06, random);
    // dark objects are the rule, light ones the exception
    double tone =
        random.nextDouble() < 0.75 ? 0.65 + 0.35 * random.nextDouble() : random.nextDouble();
    double[] body = SyntheticFaces.skin(tone, random);
    if (random.nextBoolean()) {
      p.ellipse(0, 0.1, 0.58, 0.78, SyntheticFaces.scaled(body, 0.4 + 0.5 * random.nextDouble()));
    }
    if (random.nextBoolean()) {
      p.ellipse(0, 1.05, 0.75, 0.4, colour(random));
      p.ellipse(0, 0.6, 0.17, 0.3, SyntheticFaces.scaled(body, 0.85));
    }
    p.ellipse(0, 0, 0.36 + 0.12 * random.nextDouble(), 0.45 + 0.14 * random.nextDouble(), body);
    if (random.nextBoolean()) { // all that a face has, in the wrong order
      p.turnOver();
      SyntheticFaces.features(p, body, random);
      p.turnOver();
    } else {
      marks(p, body, random);
    }
    if (random.nextBoolean()) {
      double[] cap = SyntheticFaces.scaled(body, 0.5);
      p.cap(0, -0.02, 0.48, 0.6, -0.3 - 0.2 * random.nextDouble(), cap);
    }
  }

  private static void marks(Painter p, double[] body, RandomGenerator random) {
    int marks = random.nextInt(7);
    for (int i = 0; i < marks; i++) {
      double shade = random.nextBoolean() ? 0.4 + 0.4 * random.nextDouble() : 1.5;
      p.ellipse(
          0.6 * (random.nextDouble() - 0.5),
          0.9 * (random.nextDouble() - 0.5),
          0.02 + 0.12 * random.nextDouble(),
          0.02 + 0.08 * random.nextDouble(),
          SyntheticFaces.scaled(body, shade));
    }
  }

  private static double[] colour(RandomGenerator random) {
    return new double[] {random.nextDouble(), random.nextDouble(), random.nextDouble()};
  }
}
