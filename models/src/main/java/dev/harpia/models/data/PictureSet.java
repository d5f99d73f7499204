package dev.harpia.models.data;

import dev.harpia.nn.data.Dataset;
import dev.harpia.nn.data.LabelledImages;
import dev.harpia.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Pictures with a class each, as bytes 0 … 255.
 *
 * @param channels C: 1 for grey, 3 for red, green and blue
 * @param pixels [N, C, H, W]
 * @param labels [N], numbers of {@code classes}
 */
@SuppressWarnings("ArrayRecordComponent") // the arrays are the point; two sets are never compared
public record PictureSet(
    int channels, int height, int width, byte[] pixels, int[] labels, List<String> classes) {
  /** Checks that the arrays have the sizes that the numbers say, and that every label is one. */
  public PictureSet {
    classes = List.copyOf(classes);
    if (channels != 1 && channels != 3 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "pictures: [%d, %d, %d]: channels must be 1 or 3, height and width at least 1"
              .formatted(channels, height, width));
    }
    if (pixels.length != (long) labels.length * channels * height * width) {
      throw new IllegalArgumentException(
          "pictures: %d labels of [%d, %d, %d] need %d bytes, got %d"
              .formatted(
                  labels.length,
                  channels,
                  height,
                  width,
                  (long) labels.length * channels * height * width,
                  pixels.length));
    }
    for (int label : labels) {
      Objects.checkIndex(label, classes.size());
    }
  }

  /** Grey pictures with names for their classes. */
  public static PictureSet of(LabelledImages grey, List<String> classes) {
    int[] labels = IntStream.range(0, grey.count()).map(grey::label).toArray();
    return new PictureSet(1, grey.height(), grey.width(), grey.pixels(), labels, classes);
  }

  /** How many there are. */
  public int count() {
    return labels.length;
  }

  /** The shape of one picture as an input. */
  public Shape shape() {
    return Shape.of(channels, height, width);
  }

  /** The pictures from number {@code from} to before {@code to}. */
  public PictureSet range(int from, int to) {
    int size = channels * height * width;
    return new PictureSet(
        channels,
        height,
        width,
        Arrays.copyOfRange(pixels, from * size, to * size),
        Arrays.copyOfRange(labels, from, to),
        classes);
  }

  /** The first {@code n}, or all if there are fewer. */
  public PictureSet first(int n) {
    return range(0, Math.min(n, count()));
  }

  /** The values of one picture from 0 to 1, [C, H, W]. */
  public float[] values(int i) {
    int size = channels * height * width;
    float[] values = new float[size];
    for (int k = 0; k < size; k++) {
      values[k] = (pixels[i * size + k] & 0xFF) / 255f;
    }
    return values;
  }

  /** The mean and the deviation of each channel, over all pixels: 2 arrays of C, from 0 to 1. */
  public float[][] statistics() {
    int plane = height * width;
    float[][] result = new float[2][channels];
    for (int c = 0; c < channels; c++) {
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < count(); i++) {
        int from = (i * channels + c) * plane;
        for (int k = from; k < from + plane; k++) {
          double v = (pixels[k] & 0xFF) / 255.0;
          sum += v;
          squares += v * v;
        }
      }
      double n = Math.max(1, (double) count() * plane);
      double mean = sum / n;
      result[0][c] = (float) mean;
      result[1][c] = (float) Math.sqrt(Math.max(1e-6, squares / n - mean * mean));
    }
    return result;
  }

  /**
   * The pictures as a data set: inputs [C, H, W], {@code (pixel/255 − mean)/deviation} for each
   * channel, classes as targets.
   *
   * @param statistics as {@link #statistics} returns them, usually of the training pictures
   */
  public Dataset dataset(float[][] statistics) {
    return new PictureDataset(this, statistics[0], statistics[1]);
  }
}
