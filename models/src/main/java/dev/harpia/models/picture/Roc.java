package dev.harpia.models.picture;

import dev.harpia.models.picture.Curves.Line;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A receiver operating curve: the share of positives found against the share of negatives taken for
 * positive, for every threshold of a score.
 *
 * @param line its points from (0, 0) to (1, 1)
 * @param area the area below it: the probability that a positive scores above a negative, ties
 *     counting half
 */
public record Roc(Line line, double area) {
  /**
   * From scores, higher meaning positive.
   *
   * @throws IllegalArgumentException if there are no positives or no negatives, or a score is NaN
   */
  public static Roc of(String name, double[] scores, boolean[] positive) {
    if (scores.length != positive.length) {
      throw new IllegalArgumentException(
          "roc: " + scores.length + " scores, " + positive.length + " labels: must be as many");
    }
    int positives = (int) IntStream.range(0, positive.length).filter(i -> positive[i]).count();
    int negatives = positive.length - positives;
    if (positives == 0 || negatives == 0) {
      throw new IllegalArgumentException(
          "roc: %d positives, %d negatives: both must be there".formatted(positives, negatives));
    }
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < scores.length; i++) {
      if (Double.isNaN(scores[i])) {
        throw new IllegalArgumentException("roc: score " + i + " is NaN");
      }
      order.add(i);
    }
    order.sort(Comparator.comparingDouble((Integer i) -> -scores[i]));
    List<double[]> points = new ArrayList<>();
    points.add(new double[] {0, 0});
    double area = 0;
    int found = 0;
    int wrong = 0;
    for (int i = 0; i < order.size(); i++) {
      int at = order.get(i);
      if (positive[at]) {
        found++;
      } else {
        wrong++;
      }
      if (i + 1 == order.size() || scores[order.get(i + 1)] != scores[at]) { // the end of a tie
        double[] last = points.getLast();
        double[] next = {(double) wrong / negatives, (double) found / positives};
        area += (next[0] - last[0]) * (next[1] + last[1]) / 2;
        points.add(next);
      }
    }
    double[] x = points.stream().mapToDouble(p -> p[0]).toArray();
    double[] y = points.stream().mapToDouble(p -> p[1]).toArray();
    return new Roc(new Line(String.format(Locale.ROOT, "%s (area %.3f)", name, area), x, y), area);
  }
}
