package dev.harpia.models.picture;

import java.awt.Color;
import java.awt.Font;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;

/**
 * Pictures, each with what a network thinks of it: a caption "predicted percent (true)", blue if
 * right and red if wrong, and a bar for the probability of each class (the true one blue, a wrong
 * prediction red).
 */
public final class ProbabilityGrid {
  private static final int SIDE = 112;
  private static final int BAR = 15;
  private static final int NAMED_BAR = 25; // with letters below it
  private static final int LEAST_BARS = 150;
  private static final int CAPTION = 26;
  private static final int GAP = 22;

  private ProbabilityGrid() {}

  /**
   * A picture with its class and what the network says.
   *
   * @param probabilities one number for each class
   */
  @SuppressWarnings("ArrayRecordComponent") // a plain carrier
  public record Cell(BufferedImage picture, int truth, float[] probabilities) {}

  /**
   * Draws a grid.
   *
   * @param names of the classes; below the bars only their first three letters
   */
  public static BufferedImage draw(
      String title, List<Cell> cells, List<String> names, int columns) {
    int side =
        cells.stream()
            .mapToInt(c -> Math.max(c.picture().getWidth(), c.picture().getHeight()))
            .max()
            .orElse(SIDE);
    int zoom = Math.max(1, (SIDE + side - 1) / side);
    int width = zoom * cells.stream().mapToInt(c -> c.picture().getWidth()).max().orElse(SIDE);
    int height = zoom * cells.stream().mapToInt(c -> c.picture().getHeight()).max().orElse(SIDE);
    int bars = Math.max(LEAST_BARS, names.size() * (words(names) ? NAMED_BAR : BAR));
    int stepX = width + 12 + bars + GAP;
    int stepY = height + CAPTION + GAP;
    int rows = (cells.size() + columns - 1) / columns;
    Canvas canvas = new Canvas(columns * stepX + GAP, 44 + rows * stepY + GAP / 2);
    canvas.pen.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
    canvas.text(title, GAP, 32, Canvas.bold(17), Canvas.INK);
    Font font = Canvas.bold(words(names) ? 12 : 14);
    boolean below = // captions that are wider than their pictures go below the letters of the bars
        cells.stream()
            .anyMatch(c -> canvas.pen.getFontMetrics(font).stringWidth(caption(c, names)) > width);
    for (int i = 0; i < cells.size(); i++) {
      int x = GAP + i % columns * stepX;
      int y = 52 + i / columns * stepY;
      Cell cell = cells.get(i);
      canvas.pen.drawImage(cell.picture(), x, y, width, height, null);
      canvas.pen.setColor(Canvas.GREY);
      canvas.pen.drawRect(x, y, width, height);
      Color verdict = guess(cell) == cell.truth() ? Canvas.BLUE : Canvas.RED;
      if (below) {
        canvas.text(caption(cell, names), x, y + height + 32, font, verdict);
      } else {
        canvas.centred(caption(cell, names), x + width / 2.0, y + height + 18, font, verdict);
      }
      bars(canvas, cell, names, new Rectangle(x + width + 12, y, bars, height));
    }
    return canvas.image;
  }

  /** Whether the classes have names, and not numbers or letters. */
  private static boolean words(List<String> names) {
    return names.stream().anyMatch(n -> n.length() > 2);
  }

  private static int guess(Cell cell) {
    float[] p = cell.probabilities();
    int guess = 0;
    for (int c = 1; c < p.length; c++) {
      guess = p[c] > p[guess] ? c : guess;
    }
    return guess;
  }

  private static String caption(Cell cell, List<String> names) {
    int guess = guess(cell);
    return String.format(
        Locale.ROOT,
        "%s  %.0f%%  (%s)",
        names.get(guess),
        100 * cell.probabilities()[guess],
        names.get(cell.truth()));
  }

  private static void bars(Canvas canvas, Cell cell, List<String> names, Rectangle place) {
    int x = place.x;
    int height = place.height;
    int guess = guess(cell);
    float[] p = cell.probabilities();
    int foot = place.y + height;
    double step = (double) place.width / p.length;
    canvas.pen.setColor(Canvas.LINE);
    for (int quarter = 1; quarter <= 4; quarter++) {
      int level = foot - quarter * height / 4;
      canvas.pen.drawLine(x, level, x + place.width, level);
    }
    int size = words(names) && p.length > 4 ? 10 : 11;
    for (int c = 0; c < p.length; c++) {
      double tall = Math.max(1, Math.clamp(p[c], 0f, 1f) * height);
      boolean marked = c == cell.truth() || c == guess;
      canvas.pen.setColor(c == cell.truth() ? Canvas.BLUE : c == guess ? Canvas.RED : Canvas.GREY);
      canvas.pen.fill(new Rectangle2D.Double(x + c * step + 1.5, foot - tall, step - 3, tall));
      String name = names.get(c);
      canvas.centred(
          name.length() > 3 && p.length > 4 ? name.substring(0, 3) : name,
          x + (c + 0.5) * step,
          foot + 14,
          marked ? Canvas.bold(size) : Canvas.plain(size),
          marked ? Canvas.INK : Canvas.FAINT);
    }
    canvas.pen.setColor(Canvas.FAINT);
    canvas.pen.drawLine(x, foot, x + place.width, foot);
  }
}
