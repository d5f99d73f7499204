package dev.harpia.models.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.harpia.tensor.Rng;
import org.junit.jupiter.api.Test;

class SamplerTest {
  private static final float[] LOGITS = {
    (float) Math.log(0.1), (float) Math.log(0.4), (float) Math.log(0.2), (float) Math.log(0.3)
  };
  private static final int DRAWS = 20_000;

  private static double[] shares(Sampling how, int... history) {
    Sampler s = new Sampler(how, 4, new Rng(1));
    double[] shares = new double[4];
    for (int i = 0; i < DRAWS; i++) {
      shares[s.draw(LOGITS.clone(), history, history.length)] += 1.0 / DRAWS;
    }
    return shares;
  }

  /** Three standard deviations of a share of one half. */
  private static void same(double[] shares, double... expected) {
    for (int i = 0; i < 4; i++) {
      if (expected[i] == 0) {
        assertThat(shares[i]).isZero();
      }
      assertThat(shares[i]).isCloseTo(expected[i], within(0.011));
    }
  }

  @Test
  void drawsByProbability() {
    same(shares(Sampling.at(1)), 0.1, 0.4, 0.2, 0.3);
    same(shares(Sampling.at(0.5f)), 1 / 30.0, 16 / 30.0, 4 / 30.0, 9 / 30.0);
    same(shares(Sampling.GREEDY), 0, 1, 0, 0);
  }

  @Test
  void cutsTheTail() {
    same(shares(Sampling.at(1).topK(2)), 0, 4 / 7.0, 0, 3 / 7.0);
    same(shares(Sampling.at(1).topK(9)), 0.1, 0.4, 0.2, 0.3);
    same(shares(Sampling.at(1).topP(0.65f)), 0, 4 / 7.0, 0, 3 / 7.0);
    same(shares(Sampling.at(1).topP(0.75f)), 0, 4 / 9.0, 2 / 9.0, 3 / 9.0);
    same(shares(Sampling.at(1).topP(1e-6f)), 0, 1, 0, 0);
    same(shares(Sampling.at(1).topK(3).topP(0.7f)), 0, 4 / 7.0, 0, 3 / 7.0);
  }

  @Test
  void penalisesRepetition() {
    // p = exp(z): twice a negative logit squares the probability, once however often it occurred
    double sum = 0.1 + 0.16 + 0.2 + 0.3;
    same(
        shares(Sampling.at(1).repetitionPenalty(2), 1, 1, 1),
        0.1 / sum,
        0.16 / sum,
        0.2 / sum,
        0.3 / sum);
  }

  @Test
  void refusesWhatIsNoNumber() {
    Sampler s = new Sampler(Sampling.at(1), 2, new Rng(1));
    assertThatThrownBy(() -> s.draw(new float[] {1, Float.NaN}, new int[0], 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("token 1");
    assertThatThrownBy(() -> s.draw(new float[3], new int[0], 0))
        .hasMessage("sampler: 3 logits; made for 2");
  }
}
