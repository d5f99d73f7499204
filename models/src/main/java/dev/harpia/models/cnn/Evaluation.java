package dev.harpia.models.cnn;

import dev.harpia.nn.Layer;
import dev.harpia.nn.data.Batch;
import dev.harpia.nn.data.DataLoader;
import dev.harpia.nn.data.Dataset;
import dev.harpia.nn.data.LabelledImages;
import dev.harpia.tensor.Scope;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * What a network says about a set of pictures, and how right it is.
 *
 * @param probabilities [N][classes]
 * @param loss mean cross-entropy
 * @param accuracy share of pictures whose most probable class is the true one
 * @param seconds the time that the network took
 */
@SuppressWarnings("ArrayRecordComponent") // a plain carrier; two evaluations are never compared
public record Evaluation(float[][] probabilities, double loss, double accuracy, double seconds) {
  private static final int BATCH = 500;

  /** Asks a network about every picture. */
  static Evaluation of(Layer model, LabelledImages set) {
    return of(model, set.dataset(), labels(set));
  }

  private static int[] labels(LabelledImages set) {
    return IntStream.range(0, set.count()).map(set::label).toArray();
  }

  /** Asks a network about every example of a set, whose classes are {@code truth}. */
  static Evaluation of(Layer model, Dataset set, int[] truth) {
    model.eval();
    float[] logits = new float[0];
    int at = 0;
    long nanos = 0;
    for (Batch batch : DataLoader.of(set, BATCH)) {
      long start = System.nanoTime();
      try (var _ = Scope.inference()) {
        float[] part = model.forward(batch.x()).toArray();
        nanos += System.nanoTime() - start;
        if (at == 0) {
          logits = new float[part.length / batch.size() * truth.length];
        }
        System.arraycopy(part, 0, logits, at, part.length);
        at += part.length;
      }
    }
    return of(logits, logits.length / truth.length, truth, nanos / 1e9);
  }

  /**
   * From logits.
   *
   * @param logits [N · classes]
   */
  static Evaluation of(float[] logits, int classes, int[] truth, double seconds) {
    int count = truth.length;
    float[][] probabilities = new float[count][classes];
    double loss = 0;
    int right = 0;
    for (int i = 0; i < count; i++) {
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
      loss += Math.log(sum) - (logits[i * classes + truth[i]] - top);
      right += best == truth[i] ? 1 : 0;
    }
    return new Evaluation(probabilities, loss / count, (double) right / count, seconds);
  }

  /** Counts [truth][prediction]. */
  int[][] confusion(LabelledImages set) {
    return confusion(labels(set));
  }

  /** Counts [truth][prediction]. */
  int[][] confusion(int[] truth) {
    int classes = probabilities.length == 0 ? 0 : probabilities[0].length;
    int[][] counts = new int[classes][classes];
    for (int i = 0; i < truth.length; i++) {
      counts[truth[i]][best(i)]++;
    }
    return counts;
  }

  /** What the network takes picture {@code i} for. */
  int best(int i) {
    float[] p = probabilities[i];
    int best = 0;
    for (int c = 1; c < p.length; c++) {
      best = p[c] > p[best] ? c : best;
    }
    return best;
  }

  /** The pictures with the least probability of their true class, worst first. */
  int[] hardest(LabelledImages set, int count) {
    return hardest(labels(set), count);
  }

  /** The pictures with the least probability of their true class, worst first. */
  int[] hardest(int[] truth, int count) {
    return IntStream.range(0, truth.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> probabilities[i][truth[i]]))
        .limit(count)
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
