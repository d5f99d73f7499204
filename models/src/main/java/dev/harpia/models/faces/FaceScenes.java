package dev.harpia.models.faces;

import dev.harpia.models.cnn.Box;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;

/**
 * Drawn scenes with faces in them, for detectors: one to three faces and up to two things that are
 * none, cut out along an ellipse, on a picture of spots, stripes or objects.
 *
 * @param pixels [N][3·96·96] from 0 to 1
 * @param faces the boxes of each scene's faces
 */
@SuppressWarnings("ArrayRecordComponent") // a plain carrier; two sets are never compared
public record FaceScenes(float[][] pixels, List<List<Box>> faces) {
  /** Pixels along each side. */
  public static final int SIDE = 96;

  private static final double HALF_WIDTH = 0.72; // of the ellipse, half a tile being 1
  private static final double HALF_HEIGHT = 0.88;
  private static final int LEAST = 30; // pixels of a tile's side
  private static final int MOST = 56;
  private static final int TRIES = 30;

  private static final RandomGeneratorFactory<RandomGenerator> RANDOM =
      RandomGeneratorFactory.of("L64X128MixRandom");

  /** Scenes that follow from the seed, of faces of all groups. */
  public static FaceScenes draw(int count, long seed) throws java.io.IOException {
    FaceData data = SyntheticFaces.draw(32, Math.max(64, count), seed);
    RandomGenerator random = RANDOM.create(seed);
    float[][] pixels = new float[count][];
    List<List<Box>> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] scene = new float[3 * SIDE * SIDE];
      paste(scene, picture(data.testOthers(), random), SIDE / 2.0, SIDE / 2.0, SIDE, false);
      List<Box> taken = new ArrayList<>();
      List<Box> faces = new ArrayList<>();
      int people = 1 + random.nextInt(3);
      int things = random.nextInt(3);
      for (int k = 0; k < people + things; k++) {
        FaceSet set = k < people ? data.testFaces() : data.testOthers();
        Box box = place(scene, picture(set, random), taken, random);
        if (box.area() > 0) {
          taken.add(box);
          if (k < people) {
            faces.add(box);
          }
        }
      }
      pixels[i] = scene;
      all.add(List.copyOf(faces));
    }
    return new FaceScenes(pixels, List.copyOf(all));
  }

  private static float[] picture(FaceSet set, RandomGenerator random) {
    return set.pictures(random.nextInt(set.count())).toArray();
  }

  /**
   * Puts a cut-out where it hides nothing, if there is room; returns its box, else an empty one.
   */
  private static Box place(float[] scene, float[] tile, List<Box> taken, RandomGenerator random) {
    for (int t = 0; t < TRIES; t++) {
      double side = LEAST + (MOST - LEAST) * random.nextDouble();
      double w = side * HALF_WIDTH;
      double h = side * HALF_HEIGHT;
      double x = w / 2 + (SIDE - w) * random.nextDouble();
      double y = h / 2 + (SIDE - h) * random.nextDouble();
      Box box =
          Box.centred(
              (float) (x / SIDE), (float) (y / SIDE), (float) (w / SIDE), (float) (h / SIDE));
      if (taken.stream().allMatch(b -> b.iou(box) == 0)) {
        paste(scene, tile, x, y, side, true);
        return box;
      }
    }
    return new Box(0, 0, 0, 0);
  }

  /** A tile of 64 × 64 around (x, y), enlarged or made smaller, whole or its ellipse only. */
  private static void paste(
      float[] scene, float[] tile, double x, double y, double side, boolean cut) {
    for (int row = 0; row < SIDE; row++) {
      for (int column = 0; column < SIDE; column++) {
        double u = (column + 0.5 - x) / side; // from −½ to ½ in the tile
        double v = (row + 0.5 - y) / side;
        double eu = 2 * u / HALF_WIDTH;
        double ev = 2 * v / HALF_HEIGHT;
        if (Math.abs(u) >= 0.5 || Math.abs(v) >= 0.5 || cut && eu * eu + ev * ev > 1) {
          continue;
        }
        int from =
            (int) ((v + 0.5) * FaceSet.SIDE) * FaceSet.SIDE + (int) ((u + 0.5) * FaceSet.SIDE);
        for (int c = 0; c < 3; c++) {
          scene[(c * SIDE + row) * SIDE + column] = tile[c * FaceSet.SIDE * FaceSet.SIDE + from];
        }
      }
    }
  }

  /** How many there are. */
  public int count() {
    return pixels.length;
  }

  /** Scenes as [n, 3, 96, 96]. */
  public Tensor pictures(int... indices) {
    float[] x = new float[indices.length * 3 * SIDE * SIDE];
    for (int i = 0; i < indices.length; i++) {
      float[] one = pixels[indices[i]];
      System.arraycopy(one, 0, x, i * one.length, one.length);
    }
    return Tensor.of(x, Shape.of(indices.length, 3, SIDE, SIDE));
  }

  /** The faces' boxes of scenes. */
  public List<List<Box>> boxes(int... indices) {
    return Arrays.stream(indices).mapToObj(faces::get).toList();
  }

  /** The numbers of all scenes in parts of at most {@code size}. */
  List<int[]> parts(int size) {
    return IntStream.rangeClosed(0, (count() - 1) / size)
        .mapToObj(p -> IntStream.range(p * size, Math.min(count(), (p + 1) * size)).toArray())
        .toList();
  }
}
