package dev.harpia.models.vae;

import dev.harpia.tensor.Rng;
import java.util.Arrays;

/**
 * Adaptive resampling (Amini et al. 2019): pictures with rare values of latent variables are drawn
 * more often. The density of each latent variable is estimated by a histogram; a picture's
 * probability is proportional to the largest, over the variables, of its normalised inverse
 * densities.
 */
public final class LatentResampling {
  private LatentResampling() {}

  /**
   * The probability of each picture. For each variable: a histogram of {@code bins} equal bins as a
   * density, plus {@code smoothing}, normalised over the bins; the inverse of the picture's bin,
   * normalised over the pictures. The maximum over the variables, normalised.
   *
   * @param mu means of the encodings [N][D]
   * @param bins the course takes 10
   * @param smoothing above 0; the course takes 0.001, and the smaller, the stronger
   */
  public static double[] probabilities(float[][] mu, int bins, double smoothing) {
    if (mu.length == 0 || bins < 1 || !(smoothing >= 0)) {
      throw new IllegalArgumentException(
          "resampling: %d pictures, %d bins, smoothing %s: at least 1, 1 and 0"
              .formatted(mu.length, bins, smoothing));
    }
    double[] most = new double[mu.length];
    for (int d = 0; d < mu[0].length; d++) {
      double[] p = inverse(mu, d, bins, smoothing);
      for (int i = 0; i < p.length; i++) {
        most[i] = Math.max(most[i], p[i]);
      }
    }
    return normalised(most);
  }

  private static double[] inverse(float[][] mu, int d, int bins, double smoothing) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (float[] row : mu) {
      low = Math.min(low, row[d]);
      high = Math.max(high, row[d]);
    }
    if (low == high) { // a variable that says nothing
      low -= 0.5;
      high += 0.5;
    }
    double width = (high - low) / bins;
    int[] bin = new int[mu.length];
    double[] density = new double[bins];
    for (int i = 0; i < bin.length; i++) {
      bin[i] = Math.clamp((long) Math.floor((mu[i][d] - low) / width), 0, bins - 1);
      density[bin[i]] += 1 / (mu.length * width);
    }
    for (int b = 0; b < bins; b++) {
      density[b] += smoothing;
    }
    density = normalised(density);
    double[] p = new double[mu.length];
    for (int i = 0; i < p.length; i++) {
      p[i] = 1 / density[bin[i]];
    }
    return normalised(p);
  }

  private static double[] normalised(double[] values) {
    double sum = Arrays.stream(values).sum();
    return Arrays.stream(values).map(v -> v / sum).toArray();
  }

  /**
   * Draws {@code count} different numbers, one after another with these probabilities, in rising
   * order: those with the smallest {@code −log(u)/p} (Efraimidis, Spirakis 2006).
   */
  public static int[] draw(double[] probabilities, int count, Rng rng) {
    if (count > probabilities.length) {
      throw new IllegalArgumentException(
          "draw: " + count + " different ones of " + probabilities.length);
    }
    double[] keys = new double[probabilities.length];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = -Math.log(1 - rng.uniformDouble()) / probabilities[i];
    }
    double[] sorted = keys.clone();
    Arrays.sort(sorted);
    double limit = sorted[count - 1];
    int[] drawn = new int[count];
    int n = 0;
    for (int i = 0; i < keys.length && n < count; i++) {
      if (keys[i] <= limit) {
        drawn[n++] = i;
      }
    }
    return drawn;
  }
}
