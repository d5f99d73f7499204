package dev.harpia.models.cnn;

import dev.harpia.models.cnn.Box.Detection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How well a detector finds things of one kind: the area below the curve of precision over recall,
 * the precision at each recall being the best at that recall or a higher one (Everingham et al.
 * 2010, with all points).
 *
 * <p>Detections count in the order of their scores over all pictures. One is right if it overlaps a
 * thing that no surer one has found by at least the limit.
 */
public final class AveragePrecision {
  private AveragePrecision() {}

  private record Found(int picture, Detection detection) {}

  /**
   * The average precision, from 0 to 1.
   *
   * @param found what was found in each picture
   * @param truth what is in it
   * @param limit the least intersection over union: 0.5 as a rule
   */
  public static double of(List<List<Detection>> found, List<List<Box>> truth, double limit) {
    if (found.size() != truth.size()) {
      throw new IllegalArgumentException(
          "average precision: detections of %d pictures, boxes of %d: must be as many"
              .formatted(found.size(), truth.size()));
    }
    int all = truth.stream().mapToInt(List::size).sum();
    if (all == 0) {
      throw new IllegalArgumentException("average precision: there is nothing to find");
    }
    List<Found> order = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      for (Detection detection : found.get(i)) {
        order.add(new Found(i, detection));
      }
    }
    order.sort(Comparator.comparingDouble(f -> -f.detection().score()));
    List<Set<Integer>> taken = new ArrayList<>();
    truth.forEach(boxes -> taken.add(new HashSet<>()));
    double[] precision = new double[order.size()];
    boolean[] right = new boolean[order.size()];
    int hits = 0;
    for (int i = 0; i < precision.length; i++) {
      Found f = order.get(i);
      int box = best(f.detection().box(), truth.get(f.picture()), taken.get(f.picture()), limit);
      right[i] = box >= 0;
      if (right[i]) {
        taken.get(f.picture()).add(box);
        hits++;
      }
      precision[i] = (double) hits / (i + 1);
    }
    double area = 0;
    double best = 0;
    for (int i = precision.length - 1; i >= 0; i--) {
      best = Math.max(best, precision[i]);
      area += right[i] ? best / all : 0;
    }
    return area;
  }

  /** The box that overlaps most of those not taken, if by enough, else −1. */
  private static int best(Box box, List<Box> boxes, Set<Integer> taken, double limit) {
    int best = -1;
    double most = limit;
    for (int b = 0; b < boxes.size(); b++) {
      double iou = box.iou(boxes.get(b));
      if (iou >= most && !taken.contains(b)) {
        best = b;
        most = iou;
      }
    }
    return best;
  }
}
