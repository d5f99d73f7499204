package dev.harpia.models.faces;

import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;

/**
 * Colour pictures of 64 × 64, each of a group.
 *
 * @param count N
 * @param pixels [N, 3, 64, 64], 0 … 255
 * @param groups [N], numbers of groups; {@link #NONE} for those of no group
 */
@SuppressWarnings("ArrayRecordComponent") // the arrays are the point; two sets are never compared
public record FaceSet(int count, byte[] pixels, int[] groups) {
  /** Pixels along each side. */
  public static final int SIDE = 64;

  /** The number of no group. */
  public static final int NONE = -1;

  static final int SIZE = 3 * SIDE * SIDE;

  /** Checks that the arrays have the sizes that the number says. */
  public FaceSet {
    if (count < 0 || pixels.length != (long) count * SIZE || groups.length != count) {
      throw new IllegalArgumentException(
          "faces: %d pictures need %d pixels and as many groups, got %d and %d"
              .formatted(count, (long) count * SIZE, pixels.length, groups.length));
    }
  }

  /** Pictures as [n, 3, 64, 64] from 0 to 1. */
  public Tensor pictures(int... indices) {
    float[] x = new float[indices.length * SIZE];
    for (int i = 0; i < indices.length; i++) {
      for (int k = 0; k < SIZE; k++) {
        x[i * SIZE + k] = (pixels[indices[i] * SIZE + k] & 0xFF) / 255f;
      }
    }
    return Tensor.of(x, Shape.of(indices.length, 3, SIDE, SIDE));
  }

  /** How many pictures are of a group. */
  int size(int group) {
    int n = 0;
    for (int g : groups) {
      n += g == group ? 1 : 0;
    }
    return n;
  }
}
