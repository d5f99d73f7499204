package dev.harpia.models.picture;

import dev.harpia.models.picture.Curves.Line;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Charts as pictures, by XChart. */
final class ChartPainter {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 460;

  /** Points beyond this many are drawn as a line only. */
  private static final int MARKED = 40;

  /** Categories beyond this many are written slanted. */
  private static final int LEVEL = 10;

  private ChartPainter() {}

  static BufferedImage plane(Chart spec) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(spec.title())
            .xAxisTitle(spec.xTitle())
            .yAxisTitle(spec.yTitle())
            .build();
    style(chart.getStyler());
    List<Line> lines = spec.drawable();
    // XChart cannot lay out a logarithmic axis without a point
    boolean points = lines.stream().anyMatch(line -> line.x().length > 0);
    chart.getStyler().setYAxisLogarithmic(spec.logY() && points);
    chart.getStyler().setXAxisLogarithmic(spec.logX() && points);
    int colour = 0;
    for (Line line : lines) {
      Color paint = Canvas.SERIES.get(colour++ % Canvas.SERIES.size());
      if (line.x().length == 0) {
        continue; // a chart of a run that was stopped before its first point
      }
      boolean cloud = spec.kind() == Chart.Kind.POINTS;
      boolean few = line.x().length <= MARKED;
      double[] x = few || cloud ? line.x() : uneven(line.x());
      XYSeries series = chart.addSeries(line.name(), x, line.y());
      series.setXYSeriesRenderStyle(
          cloud ? XYSeries.XYSeriesRenderStyle.Scatter : XYSeries.XYSeriesRenderStyle.Line);
      series.setLineColor(paint);
      series.setLineStyle(
          new BasicStroke(few ? 2.4f : 1.4f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
      series.setMarkerColor(paint);
      series.setMarker(cloud || few ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
      chart.getStyler().setMarkerSize(cloud && !few ? 4 : 7);
    }
    return BitmapEncoder.getBufferedImage(chart);
  }

  /**
   * XChart takes equally spaced x for the ticks of its axis, more of them than there is room for:
   * one point is moved by what nobody sees.
   */
  private static double[] uneven(double[] x) {
    double[] moved = x.clone();
    moved[1] += 0.01 * (moved[1] - moved[0]);
    return moved;
  }

  static BufferedImage bars(Chart spec) {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(spec.title())
            .xAxisTitle(spec.xTitle())
            .yAxisTitle(spec.yTitle())
            .build();
    style(chart.getStyler());
    chart.getStyler().setAvailableSpaceFill(0.8).setYAxisLogarithmic(false);
    boolean slanted =
        spec.categories().size() > LEVEL
            || spec.categories().stream().mapToInt(String::length).sum() > 70;
    chart.getStyler().setXAxisLabelRotation(slanted ? 45 : 0).setXAxisMaxLabelCount(30);
    int colour = 0;
    for (Line line : spec.lines()) {
      Color paint = Canvas.SERIES.get(colour++ % Canvas.SERIES.size());
      if (line.y().length == 0) {
        continue;
      }
      double[] finite = Arrays.stream(line.y()).map(v -> Double.isFinite(v) ? v : 0).toArray();
      CategorySeries series =
          chart.addSeries(line.name(), spec.categories(), Arrays.stream(finite).boxed().toList());
      series.setFillColor(paint);
    }
    return BitmapEncoder.getBufferedImage(chart);
  }

  /** The look that all charts share. */
  static void style(AxesChartStyler styler) {
    styler
        .setChartBackgroundColor(Color.WHITE)
        .setChartTitleBoxVisible(false)
        .setChartTitleFont(Canvas.bold(17))
        .setChartFontColor(Canvas.INK)
        .setLegendFont(Canvas.plain(13))
        .setLegendBorderColor(Canvas.LINE)
        .setLegendPosition(Styler.LegendPosition.OutsideS)
        .setLegendLayout(Styler.LegendLayout.Horizontal)
        .setChartPadding(12)
        .setPlotBackgroundColor(Color.WHITE)
        .setPlotBorderColor(Canvas.LINE);
    styler
        .setAxisTitleFont(Canvas.plain(13))
        .setAxisTickLabelsFont(Canvas.plain(12))
        .setAxisTickLabelsColor(Canvas.FAINT)
        .setAxisTickMarksColor(Canvas.GREY)
        .setXAxisMaxLabelCount(10)
        .setPlotGridLinesColor(Canvas.LINE)
        .setPlotGridLinesStroke(new BasicStroke(1f));
  }
}
