package dev.harpia.models.picture;

import java.awt.Color;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;

/** Notes over time: each a bar as long as it sounds, the higher the higher up. */
public final class PianoRoll {
  private static final String[] NAMES = {
    "C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B"
  };
  private static final Color BLACK_KEY = new Color(0xF3F4F6);
  private static final int LEFT = 52;
  private static final int TOP = 44;
  private static final int RIGHT = 16;
  private static final int BOTTOM = 44;
  private static final int ROW = 13;

  /**
   * A note.
   *
   * @param pitch its MIDI number
   * @param start in whole notes
   * @param length in whole notes
   */
  public record Block(int pitch, double start, double length) {}

  private PianoRoll() {}

  /**
   * Draws notes, of which there must be one.
   *
   * @param end of the music, in whole notes
   * @param bar length of a bar in whole notes; 0 to count whole notes
   * @param pickup length of what comes before the first bar
   */
  public static BufferedImage draw(
      String title, List<Block> notes, double end, double bar, double pickup) {
    int low = notes.stream().mapToInt(Block::pitch).min().orElseThrow() - 1;
    int high = notes.stream().mapToInt(Block::pitch).max().orElseThrow() + 1;
    int rows = high - low + 1;
    double scale = Math.clamp(1500 / end, 20, 160); // points in a whole note
    int width = (int) Math.ceil(end * scale);
    Canvas canvas = new Canvas(LEFT + width + RIGHT, TOP + rows * ROW + BOTTOM);
    canvas.text(title, LEFT, 27, Canvas.bold(17), Canvas.INK);
    for (int pitch = low; pitch <= high; pitch++) {
      int y = TOP + (high - pitch) * ROW;
      String name = NAMES[Math.floorMod(pitch, 12)];
      canvas.pen.setColor(name.length() > 1 ? BLACK_KEY : Color.WHITE);
      canvas.pen.fillRect(LEFT, y, width, ROW);
      boolean shown = name.equals("C") || notes.stream().noneMatch(n -> n.pitch() % 12 == 0);
      if (name.length() == 1 && (shown || rows < 30)) {
        canvas.ended(
            name + (pitch / 12 - 1), LEFT - 7, y + ROW - 3, Canvas.plain(10), Canvas.FAINT);
      }
    }
    lines(canvas, end, bar, pickup, scale, rows * ROW);
    for (Block n : notes) {
      double y = TOP + (high - n.pitch()) * (double) ROW;
      canvas.pen.setColor(Canvas.BLUE);
      canvas.pen.fill(
          new RoundRectangle2D.Double(
              LEFT + n.start() * scale + 0.5,
              y + 1.5,
              Math.max(2, n.length() * scale - 1.5),
              ROW - 3,
              5,
              5));
    }
    canvas.pen.setColor(Canvas.GREY);
    canvas.pen.drawRect(LEFT, TOP, width, rows * ROW);
    canvas.centred(
        bar > 0 ? "bar" : "whole notes",
        LEFT + width / 2.0,
        TOP + rows * ROW + 36,
        Canvas.plain(13),
        Canvas.INK);
    return canvas.image;
  }

  private static void lines(
      Canvas canvas, double end, double bar, double pickup, double scale, int height) {
    double step = bar > 0 ? bar : 1;
    int every = (int) Math.max(1, Math.ceil(26 / (step * scale)));
    for (int i = 0; pickup + i * step < end; i++) {
      double x = LEFT + (pickup + i * step) * scale;
      canvas.pen.setColor(Canvas.LINE);
      canvas.pen.drawLine((int) x, TOP, (int) x, TOP + height);
      if (i % every == 0) {
        String number = Integer.toString(bar > 0 ? i + 1 : i);
        canvas.text(number, x, TOP + height + 16, Canvas.plain(11), Canvas.FAINT);
      }
    }
  }
}
