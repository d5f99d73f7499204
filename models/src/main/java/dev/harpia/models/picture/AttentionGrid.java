package dev.harpia.models.picture;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.List;

/**
 * Which words attend to which: a square for each head, a row for each word that looks, a column for
 * each that is looked at; the darker, the more.
 */
public final class AttentionGrid {
  private static final int CELL = 20;
  private static final int TITLE = 46;
  private static final int HEAD = 24;
  private static final int GAP = 18;
  private static final int MARGIN = 16;

  private AttentionGrid() {}

  /**
   * Draws heads in rows of {@code columns}.
   *
   * @param words the sentence
   * @param titles one for each head
   * @param heads [looking][looked at] each, from 0 to 1
   */
  public static BufferedImage draw(
      String title, List<String> words, List<String> titles, List<float[][]> heads, int columns) {
    if (columns < 1 || titles.size() != heads.size()) {
      throw new IllegalArgumentException(
          "attention: %d heads, %d titles, %d columns: as many titles as heads, at least 1 column"
              .formatted(heads.size(), titles.size(), columns));
    }
    int label = 12 + 7 * words.stream().mapToInt(String::length).max().orElse(1);
    int side = label + CELL * words.size();
    int rows = (heads.size() + columns - 1) / columns;
    int across = Math.min(columns, Math.max(1, heads.size()));
    Canvas canvas =
        new Canvas(
            2 * MARGIN + across * (side + GAP) - GAP,
            TITLE + rows * (HEAD + side + GAP) + MARGIN - GAP);
    canvas.text(title, MARGIN, 30, Canvas.bold(16), Canvas.INK);
    for (int i = 0; i < heads.size(); i++) {
      int x = MARGIN + i % columns * (side + GAP);
      int y = TITLE + i / columns * (HEAD + side + GAP);
      head(canvas, x, y, label, words, titles.get(i), heads.get(i));
    }
    return canvas.image;
  }

  private static void head(
      Canvas canvas, int x, int y, int label, List<String> words, String title, float[][] m) {
    int n = words.size();
    int left = x + label;
    int top = y + HEAD + label;
    canvas.centred(title, left + n * CELL / 2.0, y + 14, Canvas.bold(12), Canvas.FAINT);
    for (int i = 0; i < n; i++) {
      double middle = CELL * (i + 0.5);
      canvas.ended(words.get(i), left - 5, top + middle + 4, Canvas.plain(12), Canvas.INK);
      canvas.pen.rotate(-Math.PI / 2, left + middle + 4, top - 5);
      canvas.text(words.get(i), left + middle + 4, top - 5, Canvas.plain(12), Canvas.INK);
      canvas.pen.rotate(Math.PI / 2, left + middle + 4, top - 5);
      for (int j = 0; j < n; j++) {
        canvas.pen.setColor(shade(m[i][j]));
        canvas.pen.fillRect(left + j * CELL, top + i * CELL, CELL - 1, CELL - 1);
      }
    }
  }

  /** From nearly white to blue; small shares are spread out, as most are small. */
  private static Color shade(float share) {
    double s = Math.sqrt(Math.clamp(share, 0f, 1f));
    return new Color(
        mix(0xF1, Canvas.BLUE.getRed(), s),
        mix(0xF5, Canvas.BLUE.getGreen(), s),
        mix(0xF9, Canvas.BLUE.getBlue(), s));
  }

  private static int mix(int from, int to, double share) {
    return (int) Math.round(from + share * (to - from));
  }
}
