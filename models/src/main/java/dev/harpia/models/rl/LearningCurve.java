package dev.harpia.models.rl;

import dev.harpia.nn.io.FormatException;
import java.util.ArrayList;
import java.util.List;

/** The returns of the training episodes, and of evaluations, by the number of steps. */
public final class LearningCurve {
  private final List<double[]> episodes = new ArrayList<>();
  private final List<double[]> evaluations = new ArrayList<>();

  /** An empty curve. */
  public LearningCurve() {}

  void episode(long step, double total) {
    episodes.add(new double[] {step, total});
  }

  void evaluation(long step, double mean) {
    evaluations.add(new double[] {step, mean});
  }

  /** The number of training episodes. */
  public int episodes() {
    return episodes.size();
  }

  /** The mean return of the last training episodes, at most {@code n}. */
  public double recent(int n) {
    return mean(Math.max(0, episodes.size() - n), episodes.size());
  }

  /** The largest mean return of {@code n} consecutive training episodes; NaN if there are fewer. */
  public double best(int n) {
    double best = Double.NaN;
    for (int end = n; end <= episodes.size(); end++) {
      double mean = mean(end - n, end);
      best = mean > best || Double.isNaN(best) ? mean : best;
    }
    return best;
  }

  private double mean(int from, int to) {
    return episodes.subList(from, to).stream().mapToDouble(e -> e[1]).average().orElse(Double.NaN);
  }

  /** The steps at which episodes ended. */
  public double[] steps() {
    return column(episodes, 0);
  }

  /** The returns of the episodes. */
  public double[] returns() {
    return column(episodes, 1);
  }

  /** The steps at which there were evaluations. */
  public double[] evaluationSteps() {
    return column(evaluations, 0);
  }

  /** The mean returns of the evaluations. */
  public double[] evaluationMeans() {
    return column(evaluations, 1);
  }

  // ---- save and resume

  void put(String prefix, Snapshot s) {
    s.put(prefix + "steps", steps());
    s.put(prefix + "returns", returns());
    s.put(prefix + "evaluation_steps", evaluationSteps());
    s.put(prefix + "evaluation_means", evaluationMeans());
  }

  static LearningCurve take(String prefix, Snapshot s) throws FormatException {
    LearningCurve curve = new LearningCurve();
    fill(curve.episodes, s.take(prefix + "steps"), s.take(prefix + "returns"));
    double[] at = s.take(prefix + "evaluation_steps");
    fill(curve.evaluations, at, s.take(prefix + "evaluation_means"));
    return curve;
  }

  private static void fill(List<double[]> rows, double[] steps, double[] values) {
    for (int i = 0; i < Math.min(steps.length, values.length); i++) {
      rows.add(new double[] {steps[i], values[i]});
    }
  }

  /** Becomes another one. */
  void become(LearningCurve other) {
    episodes.clear();
    episodes.addAll(other.episodes);
    evaluations.clear();
    evaluations.addAll(other.evaluations);
  }

  private static double[] column(List<double[]> rows, int i) {
    return rows.stream().mapToDouble(r -> r[i]).toArray();
  }
}
