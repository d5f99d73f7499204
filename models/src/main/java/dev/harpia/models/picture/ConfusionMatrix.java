package dev.harpia.models.picture;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.List;

/** How often each class was taken for each: rows are the truth, columns the prediction. */
public final class ConfusionMatrix {
  private static final int CELL = 52;
  private static final int LEFT = 72;
  private static final int LETTER = 8;
  private static final int TOP = 96;

  private ConfusionMatrix() {}

  /** Draws the counts of classes that are called by their numbers. */
  public static BufferedImage draw(String title, int[][] counts) {
    return draw(title, Chart.numbered(0, counts.length - 1), counts);
  }

  /**
   * Draws the counts, each cell shaded by its share of its row: hits blue, misses red.
   *
   * @param names of the classes; long ones are cut
   * @param counts [truth][prediction]
   */
  public static BufferedImage draw(String title, List<String> names, int[][] counts) {
    int n = counts.length;
    if (names.size() != n) {
      throw new IllegalArgumentException(
          "confusion matrix: " + n + " classes, " + names.size() + " names: must be as many");
    }
    int left = LEFT + LETTER * (names.stream().mapToInt(String::length).max().orElse(1) - 1);
    Canvas canvas = new Canvas(left + n * CELL + 24, TOP + n * CELL + 24);
    canvas.text(title, 24, 32, Canvas.bold(17), Canvas.INK);
    canvas.centred("predicted", left + n * CELL / 2.0, 62, Canvas.plain(13), Canvas.INK);
    canvas.upward("true", 26, TOP + n * CELL / 2.0, Canvas.plain(13), Canvas.INK);
    for (int row = 0; row < n; row++) {
      String name = names.get(row);
      canvas.centred(
          name.length() > 7 ? name.substring(0, 6) + "…" : name,
          left + (row + 0.5) * CELL,
          TOP - 10,
          Canvas.bold(13),
          Canvas.FAINT);
      canvas.ended(name, left - 12, TOP + (row + 0.5) * CELL + 5, Canvas.bold(13), Canvas.FAINT);
      long total = 0;
      for (int count : counts[row]) {
        total += count;
      }
      for (int column = 0; column < n; column++) {
        cell(canvas, left, row, column, counts[row][column], total);
      }
    }
    return canvas.image;
  }

  private static void cell(Canvas canvas, int left, int row, int column, int count, long total) {
    int x = left + column * CELL;
    int y = TOP + row * CELL;
    double share = total == 0 ? 0 : (double) count / total;
    boolean hit = row == column;
    // misses are rare: the square root of the root keeps one in a thousand visible
    double strength = hit ? share : Math.sqrt(Math.sqrt(share));
    Color tint = hit ? Canvas.BLUE : Canvas.RED;
    canvas.pen.setColor(
        count == 0 ? new Color(0xF8FAFC) : mix(tint, hit ? 0.9 * strength : 0.1 + 0.7 * strength));
    canvas.pen.fillRect(x + 1, y + 1, CELL - 2, CELL - 2);
    if (count > 0) {
      Color text = strength > 0.55 ? Color.WHITE : Canvas.INK;
      canvas.centred(
          Integer.toString(count), x + CELL / 2.0, y + CELL / 2.0 + 5, Canvas.plain(13), text);
    }
  }

  private static Color mix(Color colour, double share) {
    return new Color(
        (int) Math.round(255 + share * (colour.getRed() - 255)),
        (int) Math.round(255 + share * (colour.getGreen() - 255)),
        (int) Math.round(255 + share * (colour.getBlue() - 255)));
  }
}
