package dev.harpia.models.vae;

import dev.harpia.models.generative.Gaussian;
import dev.harpia.models.generative.SymmetricEigen;
import dev.harpia.nn.data.Batch;
import dev.harpia.nn.data.DataLoader;
import dev.harpia.nn.data.LabelledImages;
import dev.harpia.tensor.Scope;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Where a model puts pictures.
 *
 * @param means μ of each picture [N][D]
 * @param labels their classes [N]
 * @param information the mean divergence of each latent variable from the prior [D], in nats: near
 *     zero for one that the model does not use
 */
@SuppressWarnings("ArrayRecordComponent") // a plain carrier; two spaces are never compared
record LatentSpace(float[][] means, int[] labels, double[] information) {
  private static final int BATCH = 250;

  /** Encodes the first {@code count} pictures. */
  static LatentSpace of(Vae model, LabelledImages set, int count) {
    int n = Math.min(count, set.count());
    int d = model.latent();
    float[][] means = new float[n][d];
    int[] labels = new int[n];
    double[] information = new double[d];
    int at = 0;
    for (Batch batch : DataLoader.of(set.dataset().first(n), BATCH)) {
      try (var _ = Scope.inference()) {
        Encoding encoding = model.encode(batch.x(), batch.y());
        float[] mu = encoding.mu().toArray();
        float[] logVariance = encoding.logVariance().toArray();
        for (int i = 0; i < mu.length; i++) {
          means[at + i / d][i % d] = mu[i];
          double v = Math.exp(logVariance[i]);
          information[i % d] += 0.5 * (v + mu[i] * mu[i] - 1 - logVariance[i]) / n;
        }
        System.arraycopy(batch.y().toIntArray(), 0, labels, at, batch.size());
        at += batch.size();
      }
    }
    return new LatentSpace(means, labels, information);
  }

  /** The latent variables that tell most about a picture, most first. */
  int[] busiest(int count) {
    return IntStream.range(0, information.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -information[i]))
        .limit(count)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /**
   * Each picture as a point: the two latent variables themselves if there are two, else the first
   * two principal components of the means [N][2].
   */
  double[][] map() {
    int d = information.length;
    double[][] axes = new double[2][d];
    double[] centre = new double[d];
    if (d <= 2) {
      for (int i = 0; i < d; i++) {
        axes[i][i] = 1;
      }
    } else {
      Gaussian spread = Gaussian.of(means);
      centre = spread.mean();
      axes = Arrays.copyOf(SymmetricEigen.of(spread.covariance()).vectors(), 2);
    }
    double[][] points = new double[means.length][2];
    for (int i = 0; i < means.length; i++) {
      for (int k = 0; k < d; k++) {
        points[i][0] += axes[0][k] * (means[i][k] - centre[k]);
        points[i][1] += axes[1][k] * (means[i][k] - centre[k]);
      }
    }
    return points;
  }
}
