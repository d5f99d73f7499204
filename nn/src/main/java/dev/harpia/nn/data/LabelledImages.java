package dev.harpia.nn.data;

/**
 * Grey pictures with a class each, as the bytes of a file: N pictures of H × W pixels, 0 … 255.
 *
 * @param count N
 * @param height H
 * @param width W
 * @param pixels [N, H, W]
 * @param labels [N], classes from 0
 */
@SuppressWarnings("ArrayRecordComponent") // the arrays are the point; two sets are never compared
public record LabelledImages(int count, int height, int width, byte[] pixels, byte[] labels) {
  /** Checks that the arrays have the sizes that the numbers say. */
  public LabelledImages {
    if (count < 0 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "images: ["
              + count
              + ", "
              + height
              + ", "
              + width
              + "]: count must be ≥ 0, height and width ≥ 1");
    }
    if (pixels.length != (long) count * height * width || labels.length != count) {
      throw new IllegalArgumentException(
          "images: [%d, %d, %d] needs %d pixels and %d labels, got %d and %d"
              .formatted(
                  count,
                  height,
                  width,
                  (long) count * height * width,
                  count,
                  pixels.length,
                  labels.length));
    }
  }

  /** The class of picture {@code i}. */
  public int label(int i) {
    return labels[i] & 0xFF;
  }

  /** Pixel (row, column) of picture {@code i}, 0 … 255. */
  public int pixel(int i, int row, int column) {
    return pixels[(i * height + row) * width + column] & 0xFF;
  }

  /** The pictures as a data set: inputs [1, H, W] from 0 to 1, classes as targets. */
  public Dataset dataset() {
    return dataset(0, 1);
  }

  /** As {@link #dataset()}, with inputs {@code (pixel/255 − mean) / deviation}. */
  public Dataset dataset(float mean, float deviation) {
    return new LabelledImagesDataset(this, mean, deviation);
  }
}
