package dev.harpia.nn.data;

import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;

/** Single pictures as tensors. Reads PNG, JPEG, PGM and PPM. */
public final class Images {
  private Images() {}

  /** Whether the name of a file is that of a picture that can be read. */
  public static boolean isPicture(Path file) {
    return ImageFile.isPicture(file);
  }

  /**
   * A picture brought to a size, its values from 0 to 1.
   *
   * @param channels 1 for grey, 3 for red, green and blue
   * @return [C, H, W]
   */
  public static Tensor load(Path file, int channels, int height, int width) throws IOException {
    if ((channels != 1 && channels != 3) || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "picture: %d channels of %d × %d: must be 1 or 3 channels of at least 1 × 1"
              .formatted(channels, height, width));
    }
    float[] pixels = ImageFile.read(file).channels(channels).resized(height, width).pixels();
    return Tensor.of(pixels, Shape.of(channels, height, width));
  }
}
