package dev.harpia.models.picture;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.geom.Ellipse2D;
import java.awt.image.BufferedImage;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * What a classifier of two numbers answers over a rectangle: blue where it says 1, red where it
 * says 0, a dark line where it is undecided, and the examples on top.
 */
public final class DecisionMap {
  private static final int WIDTH = 500;
  private static final int HEIGHT = 530;
  private static final int QUARTERS = 4;

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
   * @param subtitle what to say behind the title, such as the accuracy
   * @param p probability of class 1 on a grid: {@code p[row][column]}, rows from {@code y0} to
   *     {@code y1}, columns from {@code x0} to {@code x1}, corners included, at least 2 × 2
   */
  public static BufferedImage draw(
      String title, String subtitle, Frame frame, float[][] p, List<Point> points) {
    Canvas canvas = new Canvas(WIDTH, HEIGHT);
    XYChart chart = chart(title + " (" + subtitle + ")", frame);
    chart.paint(canvas.pen, WIDTH, HEIGHT);
    int left = (int) Math.round(chart.getScreenXFromChart(frame.x0()));
    int right = (int) Math.round(chart.getScreenXFromChart(frame.x1()));
    int top = (int) Math.round(chart.getScreenYFromChart(frame.y1()));
    int bottom = (int) Math.round(chart.getScreenYFromChart(frame.y0()));
    BufferedImage field = field(p, right - left, bottom - top);
    canvas.pen.drawImage(field, left, top, null);
    canvas.pen.clipRect(left, top, field.getWidth(), field.getHeight());
    for (Point point : points) {
      double x = chart.getScreenXFromChart(point.x());
      double y = chart.getScreenYFromChart(point.y());
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

  /** Title and axes around an empty field. */
  private static XYChart chart(String title, Frame frame) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(frame.xTitle())
            .yAxisTitle(frame.yTitle())
            .build();
    ChartPainter.style(chart.getStyler());
    chart.getStyler().setXAxisMin(frame.x0()).setXAxisMax(frame.x1());
    chart.getStyler().setYAxisMin(frame.y0()).setYAxisMax(frame.y1());
    chart.getStyler().setPlotContentSize(0.98).setLegendVisible(false);
    chart.getStyler().setChartTitleFont(Canvas.bold(15)).setChartTitlePadding(10);
    double[] x = new double[QUARTERS + 1]; // XChart puts its ticks where values are
    double[] y = new double[QUARTERS + 1];
    for (int i = 0; i <= QUARTERS; i++) {
      x[i] = frame.x0() + (frame.x1() - frame.x0()) * i / QUARTERS;
      y[i] = frame.y0() + (frame.y1() - frame.y0()) * i / QUARTERS;
    }
    chart
        .addSeries("ticks", x, y)
        .setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter)
        .setMarker(SeriesMarkers.NONE);
    return chart;
  }

  private static BufferedImage field(float[][] p, int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    double scaleY = (p.length - 1.0) / (height - 1);
    double scaleX = (p[0].length - 1.0) / (width - 1);
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        double x = column * scaleX;
        double y = (height - 1 - row) * scaleY;
        double value = at(p, x, y);
        double slope =
            Math.hypot(
                    at(p, x + scaleX, y) - at(p, x - scaleX, y),
                    at(p, x, y + scaleY) - at(p, x, y - scaleY))
                / 2;
        // distance to the line p = ½ in pixels, to first order
        double distance = slope < FLAT ? 9 : Math.abs(value - 0.5) / slope;
        double line = Math.clamp(1.9 - distance, 0.0, 1.0);
        image.setRGB(column, row, blend(tint(value), Canvas.INK, line).getRGB());
      }
    }
    return image;
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
}
