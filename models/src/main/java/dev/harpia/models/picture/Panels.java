package dev.harpia.models.picture;

import java.awt.image.BufferedImage;
import java.util.List;

/** Several pictures on one. */
public final class Panels {
  private static final int GAP = 8;

  private Panels() {}

  /** The pictures in rows of {@code columns}, each in a cell as large as the largest of them. */
  public static BufferedImage grid(List<BufferedImage> pictures, int columns) {
    int width = pictures.stream().mapToInt(BufferedImage::getWidth).max().orElse(1);
    int height = pictures.stream().mapToInt(BufferedImage::getHeight).max().orElse(1);
    int across = Math.max(1, Math.min(columns, pictures.size()));
    int down = Math.max(1, (pictures.size() + across - 1) / across);
    Canvas canvas = new Canvas(across * (width + GAP) + GAP, down * (height + GAP) + GAP);
    for (int i = 0; i < pictures.size(); i++) {
      int x = GAP + i % across * (width + GAP);
      int y = GAP + i / across * (height + GAP);
      canvas.pen.drawImage(pictures.get(i), x, y, null);
    }
    return canvas.image;
  }
}
