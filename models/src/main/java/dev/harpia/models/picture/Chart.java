package dev.harpia.models.picture;

import dev.harpia.models.picture.Curves.Line;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a chart shows, apart from how: {@link #draw} makes a picture of it, a report draws it in the
 * browser.
 *
 * @param kind how points become marks
 * @param lines the series
 * @param categories the names below the bars; empty for the other kinds
 * @param logX whether x is on a logarithmic scale: points with x ≤ 0 are left out
 * @param logY the same for y
 */
public record Chart(
    Kind kind,
    String title,
    String xTitle,
    String yTitle,
    List<Line> lines,
    List<String> categories,
    boolean logX,
    boolean logY) {
  private static final int POINTS = 1000;

  /** How points become marks. */
  public enum Kind {
    /** Joined in their order. */
    LINES,
    /** One dot each. */
    POINTS,
    /** Bars in groups: one group for each category, one bar in it for each series. */
    BARS
  }

  /** Copies the lists, and checks that bars have a category each. */
  public Chart {
    lines = List.copyOf(lines);
    categories = List.copyOf(categories);
    for (Line line : lines) {
      if (kind == Kind.BARS && line.y().length != categories.size()) {
        throw new IllegalArgumentException(
            "bars %s: %d values, %d categories: must be as many"
                .formatted(line.name(), line.y().length, categories.size()));
      }
    }
  }

  /** Lines over linear scales. */
  public static Chart lines(String title, String xTitle, String yTitle, List<Line> lines) {
    return new Chart(Kind.LINES, title, xTitle, yTitle, lines, List.of(), false, false);
  }

  /** A cloud of dots for each series, such as a map of latent codes by class. */
  public static Chart points(String title, String xTitle, String yTitle, List<Line> clouds) {
    return new Chart(Kind.POINTS, title, xTitle, yTitle, clouds, List.of(), false, false);
  }

  /** Bars in groups; see {@link #series} for their values. */
  public static Chart bars(
      String title, String xTitle, String yTitle, List<String> categories, List<Line> series) {
    return new Chart(Kind.BARS, title, xTitle, yTitle, series, categories, false, false);
  }

  /** The values of one series of bars, a value for each category. */
  public static Line series(String name, double... values) {
    return Line.over(name, values);
  }

  /** Receiver operating curves with the diagonal of guessing; areas are named in the legend. */
  public static Chart roc(String title, List<Roc> curves) {
    List<Line> lines = new ArrayList<>();
    curves.forEach(curve -> lines.add(curve.line()));
    lines.add(new Line("guessing", new double[] {0, 1}, new double[] {0, 1}));
    return lines(title, "false positive rate", "true positive rate", lines);
  }

  /** How often values fall into each of {@code bins} equal parts of their range. */
  public static Chart histogram(String title, String xTitle, int bins, List<Sample> samples) {
    return Histogram.of(title, xTitle, bins, samples);
  }

  /** A named set of values for a histogram. */
  @SuppressWarnings("ArrayRecordComponent") // a plain carrier
  public record Sample(String name, double... values) {}

  /** The same chart with y on a logarithmic scale. */
  public Chart withLogY() {
    return new Chart(kind, title, xTitle, yTitle, lines, categories, logX, true);
  }

  /** The same chart with x on a logarithmic scale. */
  public Chart withLogX() {
    return new Chart(kind, title, xTitle, yTitle, lines, categories, true, logY);
  }

  /** The series as they are drawn: finite points only, and not more than a picture can show. */
  public List<Line> drawable() {
    if (kind == Kind.BARS) {
      return lines;
    }
    return lines.stream()
        .map(l -> l.drawable(kind == Kind.POINTS ? 4 * POINTS : POINTS, logX, logY))
        .toList();
  }

  /** The chart as a picture, dark ink on white. */
  public BufferedImage draw() {
    return kind == Kind.BARS ? ChartPainter.bars(this) : ChartPainter.plane(this);
  }

  /** Numbers 1 … n as names of categories. */
  public static List<String> numbered(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(Integer::toString).toList();
  }
}
