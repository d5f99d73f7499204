package dev.harpia.models.cnn;

import dev.harpia.nn.data.LabelledImages;

/**
 * What a network says about a set of pictures, and how right it is.
 *
 * @param probabilities [N][classes]
 * @param loss mean cross-entropy
 * @param accuracy share of pictures whose most probable class is the true one
 */
@SuppressWarnings("ArrayRecordComponent") // a plain carrier; two evaluations are never compared
public record Evaluation(float[][] probabilities, double loss, double accuracy) {
  /**
   * From logits.
   *
   * @param logits [N · classes]
   */
  static Evaluation of(float[] logits, int classes, LabelledImages set) {
    float[][] probabilities = new float[set.count()][classes];
    double loss = 0;
    int right = 0;
    for (int i = 0; i < set.count(); i++) {
      int best = 0;
      float top = logits[i * classes];
      for (int c = 1; c < classes; c++) {
        if (logits[i * classes + c] > top) {
          top = logits[i * classes + c];
          best = c;
        }
      }
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        sum += Math.exp(logits[i * classes + c] - top);
      }
      for (int c = 0; c < classes; c++) {
        probabilities[i][c] = (float) (Math.exp(logits[i * classes + c] - top) / sum);
      }
      int truth = set.label(i);
      loss += Math.log(sum) - (logits[i * classes + truth] - top);
      right += best == truth ? 1 : 0;
    }
    return new Evaluation(probabilities, loss / set.count(), (double) right / set.count());
  }

  /** Counts [truth][prediction]. */
  int[][] confusion(LabelledImages set) {
    int classes = probabilities.length == 0 ? 0 : probabilities[0].length;
    int[][] counts = new int[classes][classes];
    for (int i = 0; i < set.count(); i++) {
      counts[set.label(i)][best(probabilities[i])]++;
    }
    return counts;
  }

  private static int best(float[] p) {
    int best = 0;
    for (int c = 1; c < p.length; c++) {
      best = p[c] > p[best] ? c : best;
    }
    return best;
  }

  /** The pictures with the least probability of their true class, worst first. */
  int[] hardest(LabelledImages set, int count) {
    return java.util.stream.IntStream.range(0, set.count())
        .boxed()
        .sorted(java.util.Comparator.comparingDouble(i -> probabilities[i][set.label(i)]))
        .limit(count)
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
