package dev.harpia.models.picture;

import java.awt.image.BufferedImage;

/** Where a network looks: weights over a picture, from blue (least) by green to red (most). */
public final class HeatMap {
  private HeatMap() {}

  /**
   * Lays a map over a picture. The map is stretched to the picture by linear interpolation between
   * the centres of its cells; its least value becomes 0 and its greatest 1.
   *
   * @param heat [rows][columns]
   * @param strength of the colours where the map is 1, from 0 to 1
   */
  public static BufferedImage over(BufferedImage picture, float[][] heat, double strength) {
    int width = picture.getWidth();
    int height = picture.getHeight();
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (float[] row : heat) {
      for (float v : row) {
        low = Math.min(low, v);
        high = Math.max(high, v);
      }
    }
    double range = high > low ? high - low : 1;
    BufferedImage out = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double v = at(heat, (y + 0.5) / height, (x + 0.5) / width);
        double share = (v - low) / range;
        out.setRGB(
            x, y, mix(picture.getRGB(x, y), colour(share), strength * (0.15 + 0.85 * share)));
      }
    }
    return out;
  }

  private static double at(float[][] heat, double down, double right) {
    int rows = heat.length;
    int columns = heat[0].length;
    double y = Math.clamp(down * rows - 0.5, 0.0, rows - 1.0);
    double x = Math.clamp(right * columns - 0.5, 0.0, columns - 1.0);
    int top = (int) y;
    int left = (int) x;
    int bottom = Math.min(top + 1, rows - 1);
    int end = Math.min(left + 1, columns - 1);
    double v = y - top;
    double u = x - left;
    return (1 - v) * ((1 - u) * heat[top][left] + u * heat[top][end])
        + v * ((1 - u) * heat[bottom][left] + u * heat[bottom][end]);
  }

  /** Blue at 0, green at one half, red at 1. */
  private static int colour(double share) {
    int red = channel(2 * share - 1);
    int green = channel(1 - Math.abs(2 * share - 1));
    int blue = channel(1 - 2 * share);
    return red << 16 | green << 8 | blue;
  }

  private static int channel(double v) {
    return (int) Math.round(255 * Math.clamp(v, 0.0, 1.0));
  }

  private static int mix(int under, int over, double share) {
    int rgb = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      double a = under >> shift & 0xFF;
      double b = over >> shift & 0xFF;
      rgb |= (int) Math.round(a + share * (b - a)) << shift;
    }
    return rgb;
  }
}
