package dev.harpia.models.picture;

import dev.harpia.models.picture.Curves.Line;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Counts values in equal parts of the range of all samples together. */
final class Histogram {
  private Histogram() {}

  static Chart of(String title, String xTitle, int bins, List<Chart.Sample> samples) {
    if (bins < 1) {
      throw new IllegalArgumentException("histogram: " + bins + " bins: must be at least 1");
    }
    double[] all =
        samples.stream()
            .flatMapToDouble(s -> Arrays.stream(s.values()))
            .filter(Double::isFinite)
            .toArray();
    double low = Arrays.stream(all).min().orElse(0);
    double high = Arrays.stream(all).max().orElse(1);
    double width = high > low ? (high - low) / bins : 1;
    List<String> names = new ArrayList<>();
    for (int i = 0; i < bins; i++) {
      names.add(number(low + (i + 0.5) * width, width));
    }
    List<Line> series = new ArrayList<>();
    for (Chart.Sample sample : samples) {
      double[] counts = new double[bins];
      for (double v : sample.values()) {
        if (Double.isFinite(v)) {
          counts[Math.clamp((long) ((v - low) / width), 0, bins - 1)]++;
        }
      }
      series.add(Chart.series(sample.name(), counts));
    }
    return Chart.bars(title, xTitle, "count", names, series);
  }

  /** With as many decimals as tell neighbouring bins apart. */
  private static String number(double v, double width) {
    int decimals = (int) Math.clamp(1 - Math.floor(Math.log10(width)), 0, 9);
    return String.format(Locale.ROOT, "%." + decimals + "f", v);
  }
}
