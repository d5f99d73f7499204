package dev.harpia.models.picture;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.geom.Ellipse2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;

/**
 * What a classifier of two numbers answers over a rectangle: blue where it says 1, red where it
 * says 0, a dark line where it is undecided, and the examples on top.
 */
public final class DecisionMap {
  private static final int PLOT = 400;
  private static final int LEFT = 64;
  private static final int TOP = 64;
  private static final int FOOT = 56;

  /** A slope per pixel below which the field is flat, and a line would show rounding errors. */
  private static final double FLAT = 1e-5;

  /** The rectangle that the map covers, with the names of its axes. */
  public record Frame(String xTitle, double x0, double x1, String yTitle, double y0, double y1) {}

  /** An example: its place, and whether it belongs to class 1. */
  public record Point(double x, double y, boolean positive) {}

  private DecisionMap() {}

  /**
   * Draws the map.
   *
   * @param subtitle what to say below the title, such as the accuracy
   * @param p probability of class 1 on a grid: {@code p[row][column]}, rows from {@code y0} to
   *     {@code y1}, columns from {@code x0} to {@code x1}, corners included, at least 2 × 2
   */
  public static BufferedImage draw(
      String title, String subtitle, Frame frame, float[][] p, List<Point> points) {
    Canvas canvas = new Canvas(LEFT + PLOT + 24, TOP + PLOT + FOOT);
    canvas.text(title, LEFT, 28, Canvas.bold(17), Canvas.INK);
    canvas.text(subtitle, LEFT, 50, Canvas.plain(13), Canvas.FAINT);
    field(canvas, p);
    axes(canvas, frame);
    for (Point point : points) {
      double x = LEFT + PLOT * (point.x() - frame.x0()) / (frame.x1() - frame.x0());
      double y = TOP + PLOT * (1 - (point.y() - frame.y0()) / (frame.y1() - frame.y0()));
      double r = points.size() <= 20 ? 9 : 4.5;
      Ellipse2D dot = new Ellipse2D.Double(x - r, y - r, 2 * r, 2 * r);
      canvas.pen.setColor(point.positive() ? Canvas.BLUE : Canvas.RED);
      canvas.pen.fill(dot);
      canvas.pen.setStroke(new BasicStroke(points.size() <= 20 ? 2.4f : 1.2f));
      canvas.pen.setColor(Color.WHITE);
      canvas.pen.draw(dot);
    }
    return canvas.image;
  }

  private static void field(Canvas canvas, float[][] p) {
    double scaleY = (p.length - 1.0) / (PLOT - 1);
    double scaleX = (p[0].length - 1.0) / (PLOT - 1);
    for (int row = 0; row < PLOT; row++) {
      for (int column = 0; column < PLOT; column++) {
        double x = column * scaleX;
        double y = (PLOT - 1 - row) * scaleY;
        double value = at(p, x, y);
        double slope =
            Math.hypot(
                    at(p, x + scaleX, y) - at(p, x - scaleX, y),
                    at(p, x, y + scaleY) - at(p, x, y - scaleY))
                / 2;
        // distance to the line p = ½ in pixels, to first order
        double distance = slope < FLAT ? 9 : Math.abs(value - 0.5) / slope;
        double line = Math.clamp(1.9 - distance, 0.0, 1.0);
        canvas.image.setRGB(
            LEFT + column, TOP + row, blend(tint(value), Canvas.INK, line).getRGB());
      }
    }
  }

  /** Between the grid's points: the weighted mean of the four around. */
  private static double at(float[][] p, double x, double y) {
    int column = (int) Math.clamp(x, 0, p[0].length - 2);
    int row = (int) Math.clamp(y, 0, p.length - 2);
    double u = Math.clamp(x - column, 0.0, 1.0);
    double v = Math.clamp(y - row, 0.0, 1.0);
    double below = p[row][column] * (1 - u) + p[row][column + 1] * u;
    double above = p[row + 1][column] * (1 - u) + p[row + 1][column + 1] * u;
    return below * (1 - v) + above * v;
  }

  private static Color tint(double value) {
    return value < 0.5
        ? blend(new Color(0xFDFDFD), new Color(0xF08A8A), Math.min(1, 1 - 2 * value))
        : blend(new Color(0xFDFDFD), new Color(0x7FA8F5), Math.min(1, 2 * value - 1));
  }

  private static Color blend(Color from, Color to, double share) {
    return new Color(
        (int) Math.round(from.getRed() + share * (to.getRed() - from.getRed())),
        (int) Math.round(from.getGreen() + share * (to.getGreen() - from.getGreen())),
        (int) Math.round(from.getBlue() + share * (to.getBlue() - from.getBlue())));
  }

  private static void axes(Canvas canvas, Frame frame) {
    canvas.pen.setColor(Canvas.GREY);
    canvas.pen.drawRect(LEFT, TOP, PLOT, PLOT);
    for (int tick = 0; tick <= 4; tick++) {
      double share = tick / 4.0;
      String x = number(frame.x0() + share * (frame.x1() - frame.x0()));
      String y = number(frame.y0() + share * (frame.y1() - frame.y0()));
      canvas.centred(x, LEFT + share * PLOT, TOP + PLOT + 18, Canvas.plain(12), Canvas.FAINT);
      canvas.ended(y, LEFT - 8, TOP + (1 - share) * PLOT + 4, Canvas.plain(12), Canvas.FAINT);
    }
    canvas.centred(
        frame.xTitle(), LEFT + PLOT / 2.0, TOP + PLOT + 42, Canvas.plain(13), Canvas.INK);
    canvas.upward(frame.yTitle(), 20, TOP + PLOT / 2.0, Canvas.plain(13), Canvas.INK);
  }

  private static String number(double value) {
    String text = String.format(Locale.ROOT, "%.2f", value);
    return text.replaceFirst("\\.?0+$", "").replaceFirst("^-0$", "0");
  }
}
