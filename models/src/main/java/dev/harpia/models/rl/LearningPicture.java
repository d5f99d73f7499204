package dev.harpia.models.rl;

import dev.harpia.models.picture.Chart;
import dev.harpia.models.picture.Curves;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Returns over the steps: of one run, smoothed; of several, their mean and a band around it. */
final class LearningPicture {
  private static final int POINTS = 200;
  private static final double SMOOTHING = 0.9;

  private LearningPicture() {}

  static Chart chart(String title, List<LearningCurve> runs) {
    List<Curves.Line> lines = new ArrayList<>();
    if (runs.size() == 1) {
      LearningCurve only = runs.getFirst();
      var all = new Curves.Line("return of an episode", only.steps(), only.returns());
      lines.add(new Curves.Line("smoothed", all.x(), all.smoothed(SMOOTHING).y()));
      lines.add(
          new Curves.Line("without exploring", only.evaluationSteps(), only.evaluationMeans()));
    } else {
      lines.addAll(band(runs));
    }
    return Chart.lines(title, "steps", "return", lines);
  }

  /** Mean and mean ± standard deviation of the smoothed returns at equal numbers of steps. */
  static List<Curves.Line> band(List<LearningCurve> runs) {
    double most = runs.stream().mapToDouble(r -> last(r.steps())).max().orElse(0);
    double unit = round(most / POINTS);
    int points = 1 + (int) Math.ceil(most / unit);
    double[] x = new double[points];
    double[] mean = new double[points];
    double[] low = new double[points];
    double[] high = new double[points];
    for (int i = 0; i < points; i++) {
      x[i] = unit * i; // from 0 in round steps, so that the axis has round numbers
      double at = x[i];
      double[] values = runs.stream().mapToDouble(r -> valueAt(r, at)).toArray();
      mean[i] = Arrays.stream(values).average().orElse(0);
      double centre = mean[i];
      double variance =
          Arrays.stream(values).map(v -> (v - centre) * (v - centre)).average().orElse(0);
      low[i] = mean[i] - Math.sqrt(variance);
      high[i] = mean[i] + Math.sqrt(variance);
    }
    return List.of(
        new Curves.Line("mean of " + runs.size() + " runs", x, mean),
        new Curves.Line("mean − deviation", x, low),
        new Curves.Line("mean + deviation", x, high));
  }

  /** The next larger of 1, 2, 5, 10, 20, 50, … */
  private static double round(double step) {
    double ten = Math.pow(10, Math.floor(Math.log10(Math.max(1, step))));
    return step <= ten ? ten : step <= 2 * ten ? 2 * ten : step <= 5 * ten ? 5 * ten : 10 * ten;
  }

  private static double last(double[] values) {
    return values.length == 0 ? 0 : values[values.length - 1];
  }

  /** The smoothed return at a number of steps; a run that has ended stays where it was. */
  private static double valueAt(LearningCurve run, double step) {
    double[] steps = run.steps();
    double[] returns = run.returns();
    double smooth = returns.length == 0 ? 0 : returns[0];
    for (int i = 0; i < steps.length && steps[i] <= step; i++) {
      smooth = SMOOTHING * smooth + (1 - SMOOTHING) * returns[i];
    }
    return smooth;
  }
}
