package dev.harpia.models.vae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.harpia.tensor.Rng;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LatentResamplingTest {
  @Test
  void weightsOfOneVariableByHand() {
    // two bins of width ½ over [0, 1]: three pictures in the first, one in the second
    float[][] mu = {{0}, {0.1f}, {0.2f}, {1}};
    // densities 3/4/½ = 1.5 and 0.5; plus 0.5: 2 and 1; normalised ⅔ and ⅓; inverse 1.5 and 3
    double[] p = LatentResampling.probabilities(mu, 2, 0.5);
    double sum = 3 * 1.5 + 3;
    assertThat(p)
        .containsExactly(new double[] {1.5 / sum, 1.5 / sum, 1.5 / sum, 3 / sum}, within(1e-12));
  }

  @Test
  void withoutSmoothingBinsAreDrawnEquallyOften() {
    float[][] mu = {{0}, {0}, {0}, {0}, {0}, {1}};
    double[] p = LatentResampling.probabilities(mu, 10, 0);
    assertThat(p[5]).isCloseTo(0.5, within(1e-12));
    assertThat(p[0]).isCloseTo(0.1, within(1e-12));
  }

  @Test
  void theRarestVariableCounts() {
    float[][] mu = {{0, 0}, {0, 0}, {0, 1}, {1, 0}};
    double[] p = LatentResampling.probabilities(mu, 2, 0);
    // each variable alone: ⅙, ⅙, ⅙ and ½; the maxima ⅙, ⅙, ½, ½ normalised
    assertThat(p).containsExactly(new double[] {0.125, 0.125, 0.375, 0.375}, within(1e-12));
  }

  @Test
  void aVariableThatSaysNothingChangesNothing() {
    double[] p = LatentResampling.probabilities(new float[][] {{3}, {3}, {3}}, 10, 0.001);
    assertThat(p).containsExactly(new double[] {1 / 3.0, 1 / 3.0, 1 / 3.0}, within(1e-12));
  }

  @Test
  void drawsDifferentOnesInOrderAndByTheirProbabilities() {
    double[] p = {0.5, 0.25, 0.125, 0.125};
    int[] first = new int[4];
    Rng rng = new Rng(5);
    for (int i = 0; i < 20_000; i++) {
      first[LatentResampling.draw(p, 1, rng)[0]]++;
      int[] three = LatentResampling.draw(p, 3, rng);
      assertThat(Arrays.stream(three).distinct().sorted().toArray()).isEqualTo(three);
    }
    for (int k = 0; k < 4; k++) {
      // five standard deviations of a binomial count
      double deviation = Math.sqrt(20_000 * p[k] * (1 - p[k]));
      assertThat((double) first[k]).isCloseTo(20_000 * p[k], within(5 * deviation));
    }
    assertThat(LatentResampling.draw(p, 4, rng)).containsExactly(0, 1, 2, 3);
    assertThatThrownBy(() -> LatentResampling.draw(p, 5, rng))
        .hasMessage("draw: 5 different ones of 4");
  }
}
