package dev.harpia.models.generative;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.harpia.tensor.Rng;
import org.junit.jupiter.api.Test;

class GaussianTest {
  @Test
  void aMatrixComesBackFromItsEigenvectors() {
    Rng rng = new Rng(3);
    int n = 12;
    double[][] a = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        a[i][j] = rng.normal();
        a[j][i] = a[i][j];
      }
    }
    SymmetricEigen eigen = SymmetricEigen.of(a);
    for (int i = 0; i < n; i++) {
      assertThat(i == 0 || eigen.values()[i] <= eigen.values()[i - 1]).isTrue();
      for (int j = 0; j < n; j++) {
        double back = 0;
        double dot = 0;
        for (int k = 0; k < n; k++) {
          back += eigen.values()[k] * eigen.vectors()[k][i] * eigen.vectors()[k][j];
          dot += eigen.vectors()[i][k] * eigen.vectors()[j][k];
        }
        assertThat(back).isCloseTo(a[i][j], within(1e-12));
        assertThat(dot).isCloseTo(i == j ? 1 : 0, within(1e-12));
      }
    }
  }

  @Test
  void squareRootOfAKnownMatrix() {
    // [[5, 4], [4, 5]] = [[2, 1], [1, 2]]²
    double[][] root = SymmetricEigen.of(new double[][] {{5, 4}, {4, 5}}).squareRoot();
    assertThat(root[0]).containsExactly(new double[] {2, 1}, within(1e-13));
    assertThat(root[1]).containsExactly(new double[] {1, 2}, within(1e-13));
  }

  @Test
  void meanAndCovarianceOfThreePoints() {
    Gaussian g = Gaussian.of(new float[][] {{1, 0}, {2, 3}, {3, 6}});
    assertThat(g.mean()).containsExactly(new double[] {2, 3}, within(1e-12));
    assertThat(g.covariance()[0]).containsExactly(new double[] {1, 3}, within(1e-12));
    assertThat(g.covariance()[1]).containsExactly(new double[] {3, 9}, within(1e-12));
  }

  @Test
  void distanceOfDiagonalGaussiansIsClosedForm() {
    Gaussian a = new Gaussian(new double[] {1, 2}, new double[][] {{4, 0}, {0, 9}});
    Gaussian b = new Gaussian(new double[] {0, 4}, new double[][] {{1, 0}, {0, 25}});
    // |μ − ν|² + (2 − 1)² + (3 − 5)²
    assertThat(a.frechet(b)).isCloseTo(5 + 1 + 4, within(1e-12));
    assertThat(b.frechet(a)).isCloseTo(5 + 1 + 4, within(1e-12));
    assertThat(a.frechet(a)).isCloseTo(0, within(1e-12));
  }

  @Test
  void distanceDoesNotChangeWhenBothAreTurned() {
    // the same as above, turned by 45°
    double h = Math.sqrt(0.5);
    Gaussian a = new Gaussian(new double[] {3 * h, h}, new double[][] {{6.5, -2.5}, {-2.5, 6.5}});
    Gaussian b = new Gaussian(new double[] {4 * h, 4 * h}, new double[][] {{13, -12}, {-12, 13}});
    assertThat(a.frechet(b)).isCloseTo(5 + 1 + 4, within(1e-10));
  }

  @Test
  void oneVectorHasNoCovariance() {
    assertThatThrownBy(() -> Gaussian.of(new float[][] {{1}}))
        .hasMessage("gaussian: 1 vectors: a covariance takes at least 2");
  }
}
