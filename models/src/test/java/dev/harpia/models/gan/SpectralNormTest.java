package dev.harpia.models.gan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.harpia.models.generative.SymmetricEigen;
import dev.harpia.tensor.Gradients;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import org.junit.jupiter.api.Test;

class SpectralNormTest {
  /** The largest singular value, by way of W·Wᵀ. */
  private static double norm(Tensor weight) {
    int rows = weight.dim(0);
    float[] w = weight.toArray();
    int columns = w.length / rows;
    double[][] square = new double[rows][rows];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < rows; j++) {
        for (int k = 0; k < columns; k++) {
          square[i][j] += (double) w[i * columns + k] * w[j * columns + k];
        }
      }
    }
    return Math.sqrt(SymmetricEigen.of(square).values()[0]);
  }

  @Test
  void powerIterationMakesTheNormOne() {
    Rng.seed(1);
    Tensor weight = Tensor.normal(6, 2, 3, 3);
    Tensor u = SpectralNorm.start(6);
    Tensor normalised = weight;
    for (int i = 0; i < 200; i++) {
      normalised = SpectralNorm.normalised(weight, u, true);
    }
    assertThat(norm(weight)).isGreaterThan(3); // far from 1 before
    assertThat(norm(normalised)).isCloseTo(1, within(1e-4));
    assertThat(normalised.shape()).isEqualTo(weight.shape());
    float[] before = u.toArray();
    SpectralNorm.normalised(weight, u, false);
    assertThat(u.toArray()).isEqualTo(before);
  }

  @Test
  void aMatrixOfKnownNorm() {
    Tensor weight = Tensor.of(new float[][] {{3, 0}, {0, 1}});
    Tensor u = Tensor.of(1f, 0f);
    assertThat(SpectralNorm.normalised(weight, u, true).toArray())
        .containsExactly(new float[] {1, 0, 0, 1 / 3f}, within(1e-6f));
  }

  @Test
  void gradientsFlowThroughTheNorm() {
    // for W = diag(3, 1): W/σ with σ = w₀₀; the sum is 1 + w₁₁/w₀₀ + (w₀₁ + w₁₀)/w₀₀
    Tensor weight = Tensor.of(new float[][] {{3, 0}, {0, 1}});
    Tensor sum = SpectralNorm.normalised(weight, Tensor.of(1f, 0f), true).sum();
    assertThat(Gradients.of(sum, weight).wrt(weight).toArray())
        .containsExactly(new float[] {1 / 3f - 4 / 9f, 1 / 3f, 1 / 3f, 1 / 3f}, within(1e-6f));
  }

  /**
   * The gradient of the paper's section 2.3: (G − ⟨G, W/σ⟩·u·vᵀ)/σ, for a loss whose slope at W/σ
   * is G.
   */
  @Test
  void theGradientIsThePapers() {
    Rng.seed(4);
    int rows = 3;
    int columns = 5;
    Tensor weight = Tensor.normal(rows, columns);
    Tensor slope = Tensor.normal(rows, columns);
    Tensor u = SpectralNorm.start(rows);
    for (int i = 0; i < 100; i++) {
      SpectralNorm.normalised(weight, u, true);
    }
    Tensor normalised = SpectralNorm.normalised(weight, u, false);
    Tensor loss = normalised.mul(slope).sum();
    float[] found = Gradients.of(loss, weight).wrt(weight).toArray();
    float[] w = weight.toArray();
    float[] g = slope.toArray();
    float[] left = u.toArray();
    double[] right = new double[columns];
    double sigma = 0;
    for (int j = 0; j < columns; j++) {
      for (int i = 0; i < rows; i++) {
        right[j] += (double) left[i] * w[i * columns + j];
      }
      sigma += right[j] * right[j];
    }
    sigma = Math.sqrt(sigma); // u and v have converged: |Wᵀu| = σ
    assertThat(sigma).isCloseTo(norm(weight), within(1e-5));
    double inner = 0;
    for (int k = 0; k < w.length; k++) {
      inner += (double) g[k] * w[k] / sigma;
    }
    for (int k = 0; k < w.length; k++) {
      double outer = left[k / columns] * right[k % columns] / sigma;
      assertThat((double) found[k]).isCloseTo((g[k] - inner * outer) / sigma, within(1e-5));
    }
  }

  @Test
  void layersHaveNormOneAndTheirShapes() {
    Rng.seed(2);
    SpectralConv2d conv = new SpectralConv2d(2, 5, 4, 2, 1);
    SpectralLinear linear = new SpectralLinear(12, 7);
    Tensor x = Tensor.normal(3, 2, 8, 8);
    Tensor z = Tensor.normal(3, 12);
    for (int i = 0; i < 300; i++) {
      conv.forward(x);
      linear.forward(z);
    }
    assertThat(conv.forward(x).shape()).isEqualTo(Shape.of(3, 5, 4, 4));
    assertThat(linear.forward(z).shape()).isEqualTo(Shape.of(3, 7));
    // what the layer applies: its effect on unit vectors, without the bias
    Tensor effect = linear.eval().forward(identity(12)).sub(linear.forward(Tensor.zeros(1, 12)));
    assertThat(norm(effect)).isCloseTo(1, within(1e-4));
    assertThat(linear.state().keySet()).containsExactly("weight_orig", "bias", "weight_u");
  }

  private static Tensor identity(int n) {
    float[] v = new float[n * n];
    for (int i = 0; i < n; i++) {
      v[i * n + i] = 1;
    }
    return Tensor.of(v, Shape.of(n, n));
  }
}
