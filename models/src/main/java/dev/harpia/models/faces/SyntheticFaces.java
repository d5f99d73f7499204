package dev.harpia.models.faces;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Drawn faces of two skin tones and two lengths of hair, and drawn things that are none: the truth
 * behind the bias is known. Of the training faces 98 of 100 have light skin; the test faces are of
 * all groups equally.
 *
 * <p>A picture depends on the seed and on its number alone.
 */
public final class SyntheticFaces {
  /** The groups, in the order of their numbers. */
  public static final List<String> GROUPS =
      List.of("light, short hair", "light, long hair", "dark, short hair", "dark, long hair");

  /** Shares of the groups among the training faces. */
  private static final double[] SHARES = {0.59, 0.39, 0.012, 0.008};

  private static final long TEST = 1L << 40;
  private static final long OTHERS = 1L << 41;

  private static final RandomGeneratorFactory<RandomGenerator> RANDOM =
      RandomGeneratorFactory.of("L64X128MixRandom");

  private SyntheticFaces() {}

  /** Training sets of {@code train} faces and non-faces each, test sets of {@code test} each. */
  public static FaceData draw(int train, int test, long seed) throws java.io.IOException {
    return FaceData.of(
        "synthetic",
        GROUPS,
        faces(train, seed, 0, true),
        others(train, seed, OTHERS),
        faces(test, seed, TEST, false),
        others(test, seed, TEST + OTHERS));
  }

  private static FaceSet faces(int count, long seed, long from, boolean biased) {
    byte[] pixels = new byte[count * FaceSet.SIZE];
    int[] groups = new int[count];
    Painter painter = new Painter();
    for (int i = 0; i < count; i++) {
      RandomGenerator random = RANDOM.create(seed * 0x9E3779B97F4A7C15L + from + i);
      groups[i] = biased ? group(random) : i % GROUPS.size();
      face(painter, groups[i], random);
      painter.copy(pixels, i * FaceSet.SIZE, random);
    }
    return new FaceSet(count, pixels, groups);
  }

  private static FaceSet others(int count, long seed, long from) {
    byte[] pixels = new byte[count * FaceSet.SIZE];
    int[] groups = new int[count];
    java.util.Arrays.fill(groups, FaceSet.NONE);
    Painter painter = new Painter();
    for (int i = 0; i < count; i++) {
      RandomGenerator random = RANDOM.create(seed * 0x9E3779B97F4A7C15L + from + i);
      SyntheticThings.draw(painter, random);
      painter.copy(pixels, i * FaceSet.SIZE, random);
    }
    return new FaceSet(count, pixels, groups);
  }

  private static int group(RandomGenerator random) {
    double u = random.nextDouble();
    int g = 0;
    while (g < SHARES.length - 1 && u >= SHARES[g]) {
      u -= SHARES[g++];
    }
    return g;
  }

  /** Skin from light (0) to dark (1). */
  static double[] skin(double tone, RandomGenerator random) {
    double warm = 0.04 * (2 * random.nextDouble() - 1);
    return new double[] {0.95 - 0.62 * tone + warm, 0.79 - 0.58 * tone, 0.69 - 0.55 * tone - warm};
  }

  private static void face(Painter p, int group, RandomGenerator random) {
    boolean dark = group >= 2;
    boolean longHair = group % 2 == 1;
    double tone = (dark ? 0.72 : 0.0) + 0.28 * random.nextDouble();
    double[] skin = skin(tone, random);
    double[] hair = hair(dark, random);
    p.background(random);
    p.place(0.12, 0.06, random);
    if (longHair) {
      p.ellipse(0, 0.1, 0.56 + 0.06 * random.nextDouble(), 0.78, hair);
    }
    double[] shirt = {random.nextDouble(), random.nextDouble(), random.nextDouble()};
    p.ellipse(0, 1.05, 0.75, 0.4, shirt);
    p.ellipse(0, 0.6, 0.17, 0.3, scaled(skin, 0.85));
    p.ellipse(0, 0, 0.42 + 0.03 * random.nextDouble(), 0.55, skin);
    features(p, skin, random);
    hairline(p, hair, longHair, random);
    p.light(random);
  }

  private static double[] hair(boolean dark, RandomGenerator random) {
    double blond = dark ? 0 : random.nextDouble();
    return new double[] {0.12 + 0.6 * blond, 0.09 + 0.42 * blond, 0.07 + 0.2 * blond};
  }

  private static void hairline(Painter p, double[] hair, boolean longHair, RandomGenerator random) {
    double high = -0.36 - 0.1 * random.nextDouble();
    p.cap(0, -0.02, longHair ? 0.5 : 0.46, longHair ? 0.64 : 0.6, high, hair);
  }

  /** Eyes, brows, nose and mouth. */
  static void features(Painter p, double[] skin, RandomGenerator random) {
    double apart = 0.17 + 0.025 * random.nextDouble();
    double level = -0.1 + 0.03 * random.nextDouble();
    double open = 0.035 + 0.025 * random.nextDouble();
    double gaze = 0.025 * (2 * random.nextDouble() - 1);
    double[] brow = scaled(skin, 0.4);
    double[] white = {0.88, 0.88, 0.86};
    double[] iris = {0.15, 0.12, 0.1};
    for (int side = -1; side <= 1; side += 2) {
      p.ellipse(side * apart, level, 0.085, open, white);
      p.ellipse(side * apart + gaze, level, 0.04, open, iris);
      p.ellipse(side * apart, level - 0.12, 0.1, 0.02, brow);
    }
    p.ellipse(0.02, 0.08, 0.035, 0.12, scaled(skin, 0.86));
    p.ellipse(0, 0.18, 0.07, 0.03, scaled(skin, 0.75));
    double smile = 0.03 + 0.03 * random.nextDouble();
    double[] lips = {0.75 * skin[0], 0.5 * skin[1], 0.52 * skin[2]};
    p.ellipse(0, 0.32, 0.13 + 0.04 * random.nextDouble(), smile, lips);
  }

  static double[] scaled(double[] colour, double factor) {
    return new double[] {factor * colour[0], factor * colour[1], factor * colour[2]};
  }
}
