package dev.harpia.models.picture;

import dev.harpia.nn.data.LabelledImages;
import java.awt.Color;
import java.awt.Font;
import java.awt.image.BufferedImage;
import java.util.Locale;

/**
 * Pictures of digits, each with what the network thinks of it: a caption "predicted percent
 * (true)", blue if right and red if wrong, and a bar for the probability of each class (the true
 * one blue, a wrong prediction red).
 */
public final class DigitGrid {
  private static final int ZOOM = 4;
  private static final int BARS = 150;
  private static final int CAPTION = 26;
  private static final int GAP = 22;

  private DigitGrid() {}

  /**
   * Draws a grid.
   *
   * @param indices which pictures of {@code set}
   * @param probabilities for each of them, one number per class
   */
  public static BufferedImage draw(
      String title, LabelledImages set, int[] indices, float[][] probabilities, int columns) {
    int cellWidth = set.width() * ZOOM + 12 + BARS + GAP;
    int cellHeight = set.height() * ZOOM + CAPTION + GAP;
    int rows = (indices.length + columns - 1) / columns;
    Canvas canvas = new Canvas(columns * cellWidth + GAP, 44 + rows * cellHeight + GAP / 2);
    canvas.text(title, GAP, 32, Canvas.bold(17), Canvas.INK);
    for (int i = 0; i < indices.length; i++) {
      int x = GAP + i % columns * cellWidth;
      int y = 52 + i / columns * cellHeight;
      cell(canvas, set, indices[i], probabilities[i], x, y);
    }
    return canvas.image;
  }

  private static void cell(Canvas canvas, LabelledImages set, int index, float[] p, int x, int y) {
    int width = set.width() * ZOOM;
    int height = set.height() * ZOOM;
    canvas.pen.drawImage(picture(set, index), x, y, width, height, null);
    canvas.pen.setColor(Canvas.GREY);
    canvas.pen.drawRect(x, y, width, height);
    int truth = set.label(index);
    int guess = 0;
    for (int c = 1; c < p.length; c++) {
      guess = p[c] > p[guess] ? c : guess;
    }
    Color verdict = guess == truth ? Canvas.BLUE : Canvas.RED;
    String caption = String.format(Locale.ROOT, "%d  %.0f%%  (%d)", guess, 100 * p[guess], truth);
    canvas.centred(caption, x + width / 2.0, y + height + 18, Canvas.bold(14), verdict);
    bars(canvas, p, truth, guess, x + width + 12, y, height);
  }

  private static void bars(
      Canvas canvas, float[] p, int truth, int guess, int x, int y, int height) {
    int foot = y + height;
    double step = (double) BARS / p.length;
    canvas.pen.setColor(Canvas.LINE);
    for (int quarter = 1; quarter <= 4; quarter++) {
      int level = foot - quarter * height / 4;
      canvas.pen.drawLine(x, level, x + BARS, level);
    }
    Font font = Canvas.plain(11);
    for (int c = 0; c < p.length; c++) {
      double tall = Math.max(1, Math.clamp(p[c], 0f, 1f) * height);
      canvas.pen.setColor(c == truth ? Canvas.BLUE : c == guess ? Canvas.RED : Canvas.GREY);
      canvas.pen.fill(
          new java.awt.geom.Rectangle2D.Double(x + c * step + 1.5, foot - tall, step - 3, tall));
      boolean marked = c == truth || c == guess;
      canvas.centred(
          Integer.toString(c),
          x + (c + 0.5) * step,
          foot + 14,
          marked ? Canvas.bold(11) : font,
          marked ? Canvas.INK : Canvas.FAINT);
    }
    canvas.pen.setColor(Canvas.FAINT);
    canvas.pen.drawLine(x, foot, x + BARS, foot);
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
