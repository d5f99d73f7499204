package dev.harpia.models.picture;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Line plots: a loss over the steps, an accuracy over the epochs. */
public final class Curves {
  /** Points beyond this many are drawn as a line only. */
  private static final int MARKED = 40;

  /** One line: points (x, y) of finite numbers. */
  @SuppressWarnings("ArrayRecordComponent") // a plain carrier of points
  public record Line(String name, double[] x, double[] y) {
    /** A line over 1, 2, 3, … */
    public static Line over(String name, double... y) {
      double[] x = new double[y.length];
      for (int i = 0; i < x.length; i++) {
        x[i] = i + 1;
      }
      return new Line(name, x, y);
    }

    /** The same line after exponential smoothing: sᵢ = f·sᵢ₋₁ + (1−f)·yᵢ, from the first value. */
    public Line smoothed(double factor) {
      double[] smooth = y.clone();
      for (int i = 1; i < smooth.length; i++) {
        smooth[i] = factor * smooth[i - 1] + (1 - factor) * y[i];
      }
      return new Line(name, x, smooth);
    }
  }

  private Curves() {}

  /** Lines over a linear scale. */
  public static BufferedImage draw(String title, String xTitle, String yTitle, List<Line> lines) {
    return draw(title, xTitle, yTitle, lines, false);
  }

  /** Lines, the y axis logarithmic if asked for and if every value is positive. */
  public static BufferedImage draw(
      String title, String xTitle, String yTitle, List<Line> lines, boolean logarithmic) {
    XYChart chart =
        new XYChartBuilder()
            .width(760)
            .height(460)
            .title(title)
            .xAxisTitle(xTitle)
            .yAxisTitle(yTitle)
            .build();
    style(chart);
    boolean positive =
        lines.stream().allMatch(line -> Arrays.stream(line.y()).allMatch(v -> v > 0));
    chart.getStyler().setYAxisLogarithmic(logarithmic && positive);
    int colour = 0;
    for (Line line : lines) {
      if (line.x().length == 0) {
        continue; // a chart of a run that was stopped before its first point
      }
      XYSeries series = chart.addSeries(line.name(), line.x(), line.y());
      Color paint = Canvas.SERIES.get(colour++ % Canvas.SERIES.size());
      series.setLineColor(paint);
      float width = line.x().length <= MARKED ? 2.4f : 1.4f;
      series.setLineStyle(new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
      series.setMarkerColor(paint);
      series.setMarker(line.x().length <= MARKED ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
    }
    return BitmapEncoder.getBufferedImage(chart);
  }

  private static void style(XYChart chart) {
    chart
        .getStyler()
        .setChartBackgroundColor(Color.WHITE)
        .setPlotBackgroundColor(Color.WHITE)
        .setPlotBorderColor(Canvas.LINE)
        .setChartTitleBoxVisible(false)
        .setChartTitleFont(Canvas.bold(17))
        .setChartFontColor(Canvas.INK)
        .setLegendFont(Canvas.plain(13))
        .setLegendBorderColor(Canvas.LINE)
        .setLegendPosition(Styler.LegendPosition.OutsideS)
        .setLegendLayout(Styler.LegendLayout.Horizontal)
        .setChartPadding(12)
        .setMarkerSize(7);
    chart
        .getStyler()
        .setAxisTitleFont(Canvas.plain(13))
        .setAxisTickLabelsFont(Canvas.plain(12))
        .setAxisTickLabelsColor(Canvas.FAINT)
        .setAxisTickMarksColor(Canvas.GREY)
        .setXAxisMaxLabelCount(10)
        .setPlotGridLinesColor(Canvas.LINE)
        .setPlotGridLinesStroke(new BasicStroke(1f));
  }
}
