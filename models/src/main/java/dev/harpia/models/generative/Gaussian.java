package dev.harpia.models.generative;

/**
 * The normal distribution with the mean and the covariance of a set of vectors.
 *
 * @param mean [D]
 * @param covariance [D][D], divided by N − 1
 */
@SuppressWarnings("ArrayRecordComponent") // a plain carrier; two distributions are never compared
public record Gaussian(double[] mean, double[][] covariance) {
  /** Fits to rows, of which there must be at least two. */
  public static Gaussian of(float[][] rows) {
    if (rows.length < 2) {
      throw new IllegalArgumentException(
          "gaussian: " + rows.length + " vectors: a covariance takes at least 2");
    }
    int d = rows[0].length;
    double[] mean = new double[d];
    for (float[] row : rows) {
      for (int i = 0; i < d; i++) {
        mean[i] += row[i];
      }
    }
    for (int i = 0; i < d; i++) {
      mean[i] /= rows.length;
    }
    double[][] covariance = new double[d][d];
    double[] centred = new double[d];
    for (float[] row : rows) {
      for (int i = 0; i < d; i++) {
        centred[i] = row[i] - mean[i];
      }
      for (int i = 0; i < d; i++) {
        double x = centred[i] / (rows.length - 1);
        for (int j = 0; j < d; j++) {
          covariance[i][j] += x * centred[j];
        }
      }
    }
    return new Gaussian(mean, covariance);
  }

  /**
   * The squared Fréchet distance, {@code |μ − ν|² + tr(A + B − 2(√A·B·√A)^½)} (Dowson, Landau 1982;
   * Heusel et al. 2017, who take the features of a classifier).
   */
  public double frechet(Gaussian other) {
    int d = mean.length;
    double[][] root = SymmetricEigen.of(covariance).squareRoot();
    double[][] product = product(product(root, other.covariance), root);
    for (int i = 0; i < d; i++) { // symmetric but for rounding
      for (int j = i + 1; j < d; j++) {
        product[i][j] = (product[i][j] + product[j][i]) / 2;
      }
    }
    double distance = 0;
    for (double value : SymmetricEigen.of(product).values()) {
      distance -= 2 * Math.sqrt(Math.max(0, value));
    }
    for (int i = 0; i < d; i++) {
      double shift = mean[i] - other.mean[i];
      distance += shift * shift + covariance[i][i] + other.covariance[i][i];
    }
    return Math.max(0, distance);
  }

  private static double[][] product(double[][] a, double[][] b) {
    int n = a.length;
    double[][] c = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < n; k++) {
        double x = a[i][k];
        for (int j = 0; j < n; j++) {
          c[i][j] += x * b[k][j];
        }
      }
    }
    return c;
  }
}
