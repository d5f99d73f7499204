package dev.harpia.simd;

import static dev.harpia.simd.Vectors.ALL;
import static dev.harpia.simd.Vectors.BYTES;
import static dev.harpia.simd.Vectors.FLOAT;
import static dev.harpia.simd.Vectors.LANES;

/**
 * Moves pixels between planes, one image after another, and vectors that hold the same pixel of
 * {@code LANES} images.
 */
final class PlaneTransposes {
  private PlaneTransposes() {}

  /**
   * Vector p of the target is pixel p of every image; images beyond {@code images} are zero. May
   * overrun the target by LANES vectors.
   */
  static void in(long from, long imageBytes, int images, long to, int pixels, long end) {
    for (int p = 0; p < pixels; p++) {
      for (int i = 0; i < LANES; i++) {
        float v = i < images ? ALL.get(FLOAT, from + i * imageBytes + 4L * p) : 0f;
        ALL.set(FLOAT, to + (long) p * BYTES + 4L * i, v);
      }
    }
  }

  /** Pixel p of each image becomes lane i of vector p, nothing below {@code floor}. */
  static void out(long from, long to, long imageBytes, int images, int pixels, float floor) {
    for (int i = 0; i < images; i++) {
      for (int p = 0; p < pixels; p++) {
        float v = ALL.get(FLOAT, from + (long) p * BYTES + 4L * i);
        ALL.set(FLOAT, to + i * imageBytes + 4L * p, v < floor ? floor : v);
      }
    }
  }

  /** Lane i of vector p is added to pixel p of each image. */
  static void add(long from, long to, long imageBytes, int images, int pixels) {
    for (int i = 0; i < images; i++) {
      for (int p = 0; p < pixels; p++) {
        long at = to + i * imageBytes + 4L * p;
        ALL.set(FLOAT, at, ALL.get(FLOAT, at) + ALL.get(FLOAT, from + (long) p * BYTES + 4L * i));
      }
    }
  }
}
