package dev.harpia.models.generative;

/**
 * What a classifier says about a set of pictures.
 *
 * @param probabilities [N][classes]
 * @param features [N][D], what the last layer sees
 */
@SuppressWarnings("ArrayRecordComponent") // a plain carrier; two verdicts are never compared
public record Verdict(float[][] probabilities, float[][] features) {
  /** The most probable class of each picture. */
  public int[] classes() {
    int[] best = new int[probabilities.length];
    for (int i = 0; i < best.length; i++) {
      float[] p = probabilities[i];
      for (int c = 1; c < p.length; c++) {
        best[i] = p[c] > p[best[i]] ? c : best[i];
      }
    }
    return best;
  }

  /** The mean probability of the most probable class. */
  public double confidence() {
    int[] best = classes();
    double sum = 0;
    for (int i = 0; i < best.length; i++) {
      sum += probabilities[i][best[i]];
    }
    return sum / Math.max(1, best.length);
  }

  /** The share of pictures that are taken for each class. */
  public double[] shares() {
    double[] shares = new double[probabilities.length == 0 ? 0 : probabilities[0].length];
    for (int c : classes()) {
      shares[c] += 1.0 / probabilities.length;
    }
    return shares;
  }
}
