package dev.harpia.models.picture;

import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/** Pictures from numbers: 0 is black, 1 is full, what lies outside is clipped. */
public final class Pixels {
  private Pixels() {}

  /**
   * One picture.
   *
   * @param values [C, H, W] from {@code offset}, C = 1 for grey or 3 for red, green and blue
   */
  public static BufferedImage of(float[] values, int offset, int channels, int height, int width) {
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException(
          "picture: " + channels + " channels: must be 1 (grey) or 3 (red, green, blue)");
    }
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int plane = height * width;
    for (int i = 0; i < plane; i++) {
      int red = level(values[offset + i]);
      int green = channels == 1 ? red : level(values[offset + plane + i]);
      int blue = channels == 1 ? red : level(values[offset + 2 * plane + i]);
      image.setRGB(i % width, i / width, red << 16 | green << 8 | blue);
    }
    return image;
  }

  /**
   * A picture for each example of a batch.
   *
   * @param batch [N, C, H, W], C = 1 or 3
   */
  public static List<BufferedImage> of(Tensor batch) {
    Shape s = batch.shape();
    if (s.rank() != 4 || s.dim(1) != 1 && s.dim(1) != 3) {
      throw new ShapeException("pictures", "must be [N, 1, H, W] or [N, 3, H, W]", s);
    }
    float[] values = batch.toArray();
    int size = s.dim(1) * s.dim(2) * s.dim(3);
    List<BufferedImage> pictures = new ArrayList<>();
    for (int i = 0; i < s.dim(0); i++) {
      pictures.add(of(values, i * size, s.dim(1), s.dim(2), s.dim(3)));
    }
    return pictures;
  }

  /** The same picture with light and dark changed: ink on paper. */
  public static BufferedImage negative(BufferedImage picture) {
    BufferedImage out =
        new BufferedImage(picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < out.getHeight(); y++) {
      for (int x = 0; x < out.getWidth(); x++) {
        out.setRGB(x, y, ~picture.getRGB(x, y) & 0xFFFFFF);
      }
    }
    return out;
  }

  /**
   * The same picture with each pixel repeated, so that its longer side is at least {@code side}.
   */
  public static BufferedImage enlarged(BufferedImage picture, int side) {
    int longer = Math.max(picture.getWidth(), picture.getHeight());
    int zoom = Math.max(1, (side + longer - 1) / longer);
    BufferedImage out =
        new BufferedImage(
            zoom * picture.getWidth(), zoom * picture.getHeight(), BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < out.getHeight(); y++) {
      for (int x = 0; x < out.getWidth(); x++) {
        out.setRGB(x, y, picture.getRGB(x / zoom, y / zoom));
      }
    }
    return out;
  }

  /** The same picture at half its size: a GIF of many frames is large. */
  public static BufferedImage halved(BufferedImage picture) {
    int width = Math.max(1, picture.getWidth() / 2);
    int height = Math.max(1, picture.getHeight() / 2);
    BufferedImage out = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = out.createGraphics();
    pen.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    pen.drawImage(picture, 0, 0, width, height, null);
    pen.dispose();
    return out;
  }

  private static int level(float v) {
    return Math.round(255 * Math.clamp(v, 0f, 1f)); // NaN becomes 0
  }
}
