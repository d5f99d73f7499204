package dev.harpia.models.data;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Drawn chest radiographs, 64 × 64 grey: torso, lungs, heart, spine, ribs, collar bones, vessels
 * and diaphragm, no two alike; in one half of them a faint round lesion in a lung. Some of both
 * kinds have a marker of the same look outside the lungs, so that a bright spot alone says nothing.
 *
 * <p>A picture depends on the seed and on its number alone. They are no medical data, and what
 * learns from them can tell nothing about people.
 *
 * @param set the pictures; class 1 has a lesion
 * @param lesions for each picture {x, y, radius} in pixels; a radius of 0 where there is none
 */
@SuppressWarnings("ArrayRecordComponent") // a plain carrier
public record Radiographs(PictureSet set, double[][] lesions) {
  /** Pixels along each side. */
  public static final int SIDE = 64;

  /** The names of the classes. */
  public static final List<String> CLASSES = List.of("healthy", "lesion");

  private static final long TEST_PART = 1L << 40;
  private static final RandomGeneratorFactory<RandomGenerator> RANDOM =
      RandomGeneratorFactory.of("L64X128MixRandom");

  /** Training pictures 0 … count−1 of a seed. */
  public static Radiographs train(int count, long seed) {
    return range(seed, 0, count);
  }

  /** Test pictures 0 … count−1 of a seed; none of them is a training picture. */
  public static Radiographs test(int count, long seed) {
    return range(seed, TEST_PART, count);
  }

  private static Radiographs range(long seed, long from, int count) {
    if (count < 0 || count > 200_000) {
      throw new IllegalArgumentException("radiographs: count " + count + " is not in 0 … 200000");
    }
    byte[] pixels = new byte[count * SIDE * SIDE];
    int[] labels = new int[count];
    double[][] lesions = new double[count][];
    for (int i = 0; i < count; i++) {
      RandomGenerator random = RANDOM.create(seed * 0x9E3779B97F4A7C15L + from + i);
      labels[i] = random.nextInt(2);
      Chest chest = new Chest(random);
      lesions[i] = labels[i] == 1 ? chest.lesion() : new double[3];
      chest.expose(pixels, i * SIDE * SIDE);
    }
    return new Radiographs(new PictureSet(1, SIDE, SIDE, pixels, labels, CLASSES), lesions);
  }
}
