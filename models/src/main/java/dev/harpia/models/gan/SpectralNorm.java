package dev.harpia.models.gan;

import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Tensor;

/**
 * Spectral normalisation (Miyato et al. 2018): a weight divided by its largest singular value,
 * {@code W/σ(W)} with {@code σ = uᵀ·W·v}, of which u and v follow by one step of power iteration
 * for each pass in training. A linear layer is then a map whose slope is at most one, without a
 * penalty on gradients. Of a convolution it is the kernel, as a matrix [O, C·K·K], that has norm 1,
 * as in the paper: the slope of the map may be larger, by no more than the width of the kernel over
 * the stride, rounded up.
 */
final class SpectralNorm {
  private static final float EPSILON = 1e-12f;

  private SpectralNorm() {}

  /**
   * The normalised weight, through which gradients flow to the weight, u and v being constants.
   *
   * @param weight [O, ..]
   * @param u [O], of length 1; overwritten by the next iterate if asked for
   */
  static Tensor normalised(Tensor weight, Tensor u, boolean iterate) {
    int rows = weight.dim(0);
    Tensor matrix = weight.reshape(rows, -1);
    float[] left = u.toArray();
    float[] right = new float[matrix.dim(1)];
    try (var _ = Scope.inference()) {
      Tensor v = unit(u.reshape(1, rows).matmul(matrix));
      v.copyTo(right);
      if (iterate) {
        unit(v.matmulT(matrix)).copyTo(left);
      }
    }
    if (iterate) {
      u.copyFrom(left);
    }
    Tensor a = Tensor.of(left).reshape(1, rows);
    Tensor b = Tensor.of(right).reshape(right.length, 1);
    Tensor sigma = a.matmul(matrix).matmul(b).reshape(1);
    return matrix.div(sigma).reshape(weight.shape());
  }

  private static Tensor unit(Tensor row) {
    return row.div(Math.max(EPSILON, row.norm(1).item()));
  }

  /** A first u: a random direction. */
  static Tensor start(int rows) {
    Tensor row = unit(Tensor.normal(1, rows));
    return row.reshape(rows);
  }
}
