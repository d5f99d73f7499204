package dev.harpia.models.data;

import dev.harpia.nn.data.TensorDataset;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Scenes of discs, squares and triangles over a mottled ground, in colour, with the class of every
 * pixel. Shapes have any colour, size and angle, and cover one another; colour says nothing of the
 * class.
 *
 * @param pictures [N, 3, S, S] from 0 to 1
 * @param classes [N, S, S], numbers of {@link #NAMES}
 */
@SuppressWarnings("ArrayRecordComponent") // a plain carrier
public record ShapeScenes(int count, float[] pictures, int[] classes) {
  /** Pixels along each side. */
  public static final int SIDE = 64;

  /** The names of the classes. */
  public static final List<String> NAMES = List.of("ground", "disc", "square", "triangle");

  private static final long TEST_PART = 1L << 40;
  private static final RandomGeneratorFactory<RandomGenerator> RANDOM =
      RandomGeneratorFactory.of("L64X128MixRandom");

  /** Training scenes 0 … count−1 of a seed. */
  public static ShapeScenes train(int count, long seed) {
    return range(seed, 0, count);
  }

  /** Test scenes 0 … count−1 of a seed; none of them is a training scene. */
  public static ShapeScenes test(int count, long seed) {
    return range(seed, TEST_PART, count);
  }

  private static ShapeScenes range(long seed, long from, int count) {
    if (count < 1 || count > 50_000) {
      throw new IllegalArgumentException("scenes: count " + count + " is not in 1 … 50000");
    }
    int plane = SIDE * SIDE;
    float[] pictures = new float[count * 3 * plane];
    int[] classes = new int[count * plane];
    for (int i = 0; i < count; i++) {
      RandomGenerator random = RANDOM.create(seed * 0x9E3779B97F4A7C15L + from + i);
      draw(random, pictures, i * 3 * plane, classes, i * plane);
    }
    return new ShapeScenes(count, pictures, classes);
  }

  private static void draw(
      RandomGenerator random, float[] pictures, int at, int[] classes, int pixel) {
    int plane = SIDE * SIDE;
    double[] ground = colour(random);
    double[] slope = {random.nextGaussian() * 0.15, random.nextGaussian() * 0.15};
    double wave = 0.1 + 0.4 * random.nextDouble();
    double phase = 6.3 * random.nextDouble();
    for (int i = 0; i < plane; i++) {
      double x = (double) (i % SIDE) / SIDE;
      double y = (double) (i / SIDE) / SIDE;
      double mottle =
          0.06 * StrictMath.sin(wave * (i % SIDE) + phase) * StrictMath.sin(wave * y * SIDE);
      for (int c = 0; c < 3; c++) {
        pictures[at + c * plane + i] =
            (float) (ground[c] + slope[0] * (x - 0.5) + slope[1] * (y - 0.5) + mottle);
      }
    }
    int shapes = 1 + random.nextInt(4);
    for (int s = 0; s < shapes; s++) {
      shape(random, pictures, at, classes, pixel);
    }
    double noise = 0.02 + 0.04 * random.nextDouble();
    for (int i = at; i < at + 3 * plane; i++) {
      pictures[i] = (float) Math.clamp(pictures[i] + noise * random.nextGaussian(), 0.0, 1.0);
    }
  }

  private static void shape(
      RandomGenerator random, float[] pictures, int at, int[] classes, int pixel) {
    int plane = SIDE * SIDE;
    int kind = 1 + random.nextInt(3);
    double[] colour = colour(random);
    double r = 8 + 9 * random.nextDouble();
    double cx = 4 + (SIDE - 8) * random.nextDouble();
    double cy = 4 + (SIDE - 8) * random.nextDouble();
    double angle = 6.3 * random.nextDouble();
    for (int i = 0; i < plane; i++) {
      double x = i % SIDE - cx;
      double y = i / SIDE - cy;
      if (inside(kind, x, y, r, angle)) {
        classes[pixel + i] = kind;
        for (int c = 0; c < 3; c++) {
          pictures[at + c * plane + i] = (float) colour[c];
        }
      }
    }
  }

  /** Shapes of about the same area: π·r². */
  private static boolean inside(int kind, double x, double y, double r, double angle) {
    if (kind == 1) {
      return x * x + y * y <= r * r;
    }
    int sides = kind == 2 ? 4 : 3;
    double reach = kind == 2 ? 0.886 * r : 0.777 * r; // from the middle to a side
    for (int s = 0; s < sides; s++) {
      double a = angle + 2 * Math.PI * s / sides;
      if (x * StrictMath.cos(a) + y * StrictMath.sin(a) > reach) {
        return false;
      }
    }
    return true;
  }

  private static double[] colour(RandomGenerator random) {
    return new double[] {
      0.1 + 0.8 * random.nextDouble(),
      0.1 + 0.8 * random.nextDouble(),
      0.1 + 0.8 * random.nextDouble()
    };
  }

  /** Inputs [3, S, S] and targets [S, S], classes as I32. */
  public TensorDataset dataset() {
    return new TensorDataset(
        Tensor.of(pictures, Shape.of(count, 3, SIDE, SIDE)),
        Tensor.of(classes, Shape.of(count, SIDE, SIDE)));
  }
}
