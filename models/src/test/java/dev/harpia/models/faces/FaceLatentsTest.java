package dev.harpia.models.faces;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FaceLatentsTest {
  /** 101 faces: the first variable rises by 0.01 and the logit with it, the second is constant. */
  private static FaceLatents line() {
    int n = 101;
    float[][] means = new float[n][];
    float[] logits = new float[n];
    float[] losses = new float[n];
    for (int i = 0; i < n; i++) {
      means[i] = new float[] {7, i * 0.01f, i % 2 * 0.001f};
      logits[i] = i;
      losses[i] = n - i;
    }
    return new FaceLatents(means, logits, losses);
  }

  @Test
  void variablesByTheirSpreadAndFacesByTheirLoss() {
    assertThat(line().widest(2)).containsExactly(1, 2);
    assertThat(line().byLoss()).startsWith(100, 99).endsWith(1, 0);
    assertThat(line().centre()[0]).isEqualTo(7);
    assertThat(line().sorted(1)).isSorted().hasSize(101);
  }

  @Test
  void certaintyRisesWithTheVariableThatItHangsOn() {
    float[][] means = line().means();
    float[][] one = new float[means.length][];
    for (int i = 0; i < one.length; i++) {
      one[i] = new float[] {means[i][1]};
    }
    double[] steps = new FaceLatents(one, line().logits(), new float[0]).certainty();
    assertThat(steps).hasSize(15).isSorted();
    // from the 5th to the 95th of 101 faces: the first step begins at 5, the last ends at 95
    assertThat(steps[0]).isBetween(5.0, 11.0);
    assertThat(steps[14]).isBetween(89.0, 95.0);
  }
}
