package dev.harpia.models.faces;

import dev.harpia.models.vae.DbVae;
import dev.harpia.models.vae.Encoding;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Tensor;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * What a model makes of faces.
 *
 * @param means μ of each face [N][D]
 * @param logits of a face [N]
 * @param losses divergence and reconstruction error of each face, decoded from its mean [N]
 */
@SuppressWarnings("ArrayRecordComponent") // a plain carrier; two are never compared
record FaceLatents(float[][] means, float[] logits, float[] losses) {
  private static final int BATCH = 64;
  private static final int STEPS = 15;

  /** The means alone, which resampling asks for in each epoch. */
  static float[][] means(DbVae model, FaceSet faces) {
    return look(model, faces, false).means;
  }

  static FaceLatents of(DbVae model, FaceSet faces) {
    return look(model, faces, true);
  }

  private static FaceLatents look(DbVae model, FaceSet faces, boolean decoded) {
    boolean training = model.training();
    model.eval();
    int n = faces.count();
    int d = model.latent();
    float[][] means = new float[n][];
    float[] logits = new float[n];
    float[] losses = new float[decoded ? n : 0];
    for (int from = 0; from < n; from += BATCH) {
      int[] part = IntStream.range(from, Math.min(n, from + BATCH)).toArray();
      try (var _ = Scope.inference()) {
        Tensor x = faces.pictures(part);
        DbVae.Prediction seen = model.encode(x);
        Encoding encoding = seen.encoding();
        float[] mu = encoding.mu().toArray();
        for (int i = 0; i < part.length; i++) {
          means[from + i] = Arrays.copyOfRange(mu, i * d, (i + 1) * d);
        }
        System.arraycopy(seen.logit().toArray(), 0, logits, from, part.length);
        if (decoded) {
          Tensor loss = DbVae.vaeLoss(x, model.decode(encoding.mu()), encoding);
          System.arraycopy(loss.toArray(), 0, losses, from, part.length);
        }
      }
    }
    model.train(training);
    return new FaceLatents(means, logits, losses);
  }

  /** The values of one latent variable, smallest first. */
  double[] sorted(int variable) {
    return Arrays.stream(means).mapToDouble(row -> row[variable]).sorted().toArray();
  }

  /** The mean face's latent variables [D]. */
  float[] centre() {
    double[] sums = new double[means[0].length];
    for (float[] row : means) {
      for (int k = 0; k < sums.length; k++) {
        sums[k] += row[k];
      }
    }
    float[] centre = new float[sums.length];
    for (int k = 0; k < sums.length; k++) {
      centre[k] = (float) (sums[k] / means.length);
    }
    return centre;
  }

  /** The latent variables in which faces differ most, by their variance, widest first. */
  int[] widest(int count) {
    float[] centre = centre();
    double[] spread = new double[centre.length];
    for (float[] row : means) {
      for (int k = 0; k < spread.length; k++) {
        spread[k] += (row[k] - centre[k]) * (double) (row[k] - centre[k]);
      }
    }
    return IntStream.range(0, spread.length)
        .boxed()
        .sorted(Comparator.comparingDouble(k -> -spread[k]))
        .limit(count)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** Faces by their loss, smallest first. */
  int[] byLoss() {
    return IntStream.range(0, losses.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> losses[i]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /**
   * How sure the detector is along the latent variables: for each of them the mean logit of the
   * faces in each of 15 equal steps between its 5th and its 95th percentile, and of these the mean
   * over the variables. Steps without a face in any variable are NaN.
   */
  double[] certainty() {
    double[] sums = new double[STEPS];
    int[] counts = new int[STEPS];
    for (int k = 0; k < means[0].length; k++) {
      double[] values = sorted(k);
      double low = values[(int) (0.05 * (values.length - 1))];
      double high = values[(int) (0.95 * (values.length - 1))];
      double[] sum = new double[STEPS];
      int[] count = new int[STEPS];
      for (int i = 0; i < means.length && high > low; i++) {
        double at = (means[i][k] - low) / (high - low);
        if (at >= 0 && at <= 1) {
          int step = Math.min(STEPS - 1, (int) (STEPS * at));
          sum[step] += logits[i];
          count[step]++;
        }
      }
      for (int s = 0; s < STEPS; s++) {
        sums[s] += count[s] == 0 ? 0 : sum[s] / count[s];
        counts[s] += count[s] == 0 ? 0 : 1;
      }
    }
    return IntStream.range(0, STEPS).mapToDouble(s -> sums[s] / counts[s]).toArray();
  }
}
