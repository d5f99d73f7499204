package dev.harpia.simd;

import static dev.harpia.simd.Vectors.ALL;
import static dev.harpia.simd.Vectors.BYTES;
import static dev.harpia.simd.Vectors.FLOAT;
import static dev.harpia.simd.Vectors.LANES;

import java.lang.foreign.Arena;

/**
 * Moves pixels between planes, one image after another, and vectors that hold the same pixel of
 * {@code LANES} images.
 */
final class PlaneTransposes {
  /**
   * For each distance d = 1, 2, 4, …: which lanes of two rows d apart the new rows take, 32-bit;
   * lanes of the second row count from LANES on.
   */
  static final long SELECTIONS = selections();

  private static final PlaneTranspose SQUARE = ConvTiles.transpose();

  private PlaneTransposes() {}

  private static long selections() {
    long address = Arena.global().allocate(64L * BYTES, 64).address();
    long at = address;
    for (int d = 1; d < LANES; d *= 2) {
      for (int upper = 0; upper < 2; upper++) {
        for (int l = 0; l < LANES; l++) {
          boolean second = (l & d) != 0;
          Vectors.setInt(at, upper * d + (second ? LANES + l - d : l));
          at += 4;
        }
      }
    }
    return address;
  }

  /**
   * Vector p of the target is pixel p of every image; images beyond {@code images} are zero. May
   * overrun the target by LANES vectors.
   */
  static void in(long from, long imageBytes, int images, long to, int pixels, long end) {
    int p = 0;
    if (images == LANES) {
      long last = end - (LANES - 1) * imageBytes - BYTES;
      for (; p < pixels && from + 4L * p <= last; p += LANES) {
        SQUARE.run(
            from + 4L * p, imageBytes, to + (long) p * BYTES, BYTES, 0f, Float.NEGATIVE_INFINITY);
      }
    }
    for (; p < pixels; p++) {
      pixel(from + 4L * p, imageBytes, images, to + (long) p * BYTES);
    }
  }

  private static void pixel(long from, long imageBytes, int images, long to) {
    for (int i = 0; i < LANES; i++) {
      ALL.set(FLOAT, to + 4L * i, i < images ? ALL.get(FLOAT, from + i * imageBytes) : 0f);
    }
  }

  /**
   * Pixel p of each image becomes lane i of vector p, plus {@code bias}, nothing below {@code
   * floor}.
   *
   * @param block room for LANES vectors
   */
  static void out(
      long from,
      long to,
      long imageBytes,
      int images,
      int pixels,
      float bias,
      float floor,
      long block) {
    int p = 0;
    if (images == LANES) {
      for (; p <= pixels - LANES; p += LANES) {
        SQUARE.run(from + (long) p * BYTES, BYTES, to + 4L * p, imageBytes, bias, floor);
      }
    }
    for (; p < pixels; p += LANES) {
      SQUARE.run(from + (long) p * BYTES, BYTES, block, BYTES, bias, floor);
      PlaneCopies.rows(
          block, BYTES, to + 4L * p, imageBytes, images, Math.min(LANES, pixels - p), 0f, floor);
    }
  }

  /** Lane i of vector p is added to pixel p of each image. */
  static void add(
      long from, long to, long imageBytes, int images, int pixels, float bias, long block) {
    for (int p = 0; p < pixels; p += LANES) {
      SQUARE.run(from + (long) p * BYTES, BYTES, block, BYTES, 0f, Float.NEGATIVE_INFINITY);
      PlaneCopies.addRows(
          block, BYTES, to + 4L * p, imageBytes, images, Math.min(LANES, pixels - p), bias);
    }
  }
}
