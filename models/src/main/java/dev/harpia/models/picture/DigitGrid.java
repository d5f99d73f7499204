package dev.harpia.models.picture;

import dev.harpia.nn.data.LabelledImages;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/** Pictures of digits as dark ink on white paper, with what a network thinks of each. */
public final class DigitGrid {
  private DigitGrid() {}

  /**
   * Draws a grid; see {@link ProbabilityGrid}.
   *
   * @param indices which pictures of {@code set}
   * @param probabilities for each of them, one number per class
   */
  public static BufferedImage draw(
      String title, LabelledImages set, int[] indices, float[][] probabilities, int columns) {
    List<ProbabilityGrid.Cell> cells = new ArrayList<>();
    for (int i = 0; i < indices.length; i++) {
      cells.add(
          new ProbabilityGrid.Cell(
              picture(set, indices[i]), set.label(indices[i]), probabilities[i]));
    }
    int classes = probabilities.length == 0 ? 1 : probabilities[0].length;
    return ProbabilityGrid.draw(title, cells, Chart.numbered(0, classes - 1), columns);
  }

  /** Dark ink on white paper. */
  private static BufferedImage picture(LabelledImages set, int index) {
    BufferedImage image = new BufferedImage(set.width(), set.height(), BufferedImage.TYPE_INT_RGB);
    for (int row = 0; row < set.height(); row++) {
      for (int column = 0; column < set.width(); column++) {
        int grey = 255 - set.pixel(index, row, column);
        image.setRGB(column, row, grey << 16 | grey << 8 | grey);
      }
    }
    return image;
  }
}
