package dev.harpia.models.picture;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Line plots: a loss over the steps, an accuracy over the epochs. */
public final class Curves {
  /**
   * One series of a chart: points (x, y), or one y for each category of a bar chart. Points that
   * are not finite are left out of pictures.
   */
  @SuppressWarnings("ArrayRecordComponent") // a plain carrier of points
  public record Line(String name, double[] x, double[] y) {
    /** Checks that every point has both of its numbers. */
    public Line {
      if (x.length != y.length) {
        throw new IllegalArgumentException(
            "line " + name + ": " + x.length + " x, " + y.length + " y: must be as many");
      }
    }

    /** A line over 1, 2, 3, … */
    public static Line over(String name, double... y) {
      double[] x = new double[y.length];
      Arrays.setAll(x, i -> i + 1);
      return new Line(name, x, y);
    }

    /** The same line after exponential smoothing: sᵢ = f·sᵢ₋₁ + (1−f)·yᵢ, from the first value. */
    public Line smoothed(double factor) {
      if (!(factor >= 0 && factor < 1)) {
        throw new IllegalArgumentException("smoothed: factor " + factor + ": must be in [0, 1)");
      }
      double[] smooth = y.clone();
      for (int i = 1; i < smooth.length; i++) {
        smooth[i] = factor * smooth[i - 1] + (1 - factor) * y[i];
      }
      return new Line(name, x, smooth);
    }

    /** The same line by another name. */
    public Line named(String other) {
      return new Line(other, x, y);
    }

    /** The points that can be drawn, at most {@code most} of them, evenly chosen. */
    Line drawable(int most, boolean positiveX, boolean positiveY) {
      int[] good =
          IntStream.range(0, x.length)
              .filter(i -> Double.isFinite(x[i]) && Double.isFinite(y[i]))
              .filter(i -> (!positiveX || x[i] > 0) && (!positiveY || y[i] > 0))
              .toArray();
      int n = Math.min(most, good.length);
      double[] px = new double[n];
      double[] py = new double[n];
      for (int i = 0; i < n; i++) {
        int at = good[n < 2 ? 0 : (int) ((long) i * (good.length - 1) / (n - 1))];
        px[i] = x[at];
        py[i] = y[at];
      }
      return new Line(name, px, py);
    }
  }

  private Curves() {}

  /** Lines over a linear scale. */
  public static BufferedImage draw(String title, String xTitle, String yTitle, List<Line> lines) {
    return Chart.lines(title, xTitle, yTitle, lines).draw();
  }

  /** Lines, the y axis logarithmic if asked for and if every value is positive. */
  public static BufferedImage draw(
      String title, String xTitle, String yTitle, List<Line> lines, boolean logarithmic) {
    Chart chart = Chart.lines(title, xTitle, yTitle, lines);
    boolean positive =
        lines.stream().allMatch(line -> Arrays.stream(line.y()).allMatch(v -> v > 0));
    return (logarithmic && positive ? chart.withLogY() : chart).draw();
  }
}
