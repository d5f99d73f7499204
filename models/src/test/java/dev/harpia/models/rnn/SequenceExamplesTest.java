package dev.harpia.models.rnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SequenceExamplesTest {
  @Test
  void whatStandsBehindATextHasNoInfluence() {
    Rng.seed(1);
    TextClassifier model = new TextClassifier(9, 3, 5, 7);
    try (var _ = Scope.inference()) {
      float[] alone = model.forward(Tensor.of(1, 2, 3).reshape(1, 3)).toArray();
      Tensor padded = Tensor.of(1, 2, 3, 8, 8, 4, 5, 6, 7, 0).reshape(2, 5);
      float[] both = model.forward(padded, Tensor.of(3, 5)).toArray();
      assertThat(both).hasSize(6);
      for (int i = 0; i < 3; i++) {
        assertThat(Math.abs(both[i] - alone[i])).isLessThan(1e-6f);
      }
      // both directions are read: the first and the last token each change the answer
      float[] first = model.forward(Tensor.of(4, 2, 3).reshape(1, 3)).toArray();
      float[] last = model.forward(Tensor.of(1, 2, 4).reshape(1, 3)).toArray();
      assertThat(first).isNotEqualTo(alone);
      assertThat(last).isNotEqualTo(alone);
    }
  }

  @Test
  void theJudgeTellsKindsApart() {
    Rng.seed(2);
    Rng rng = new Rng(3);
    List<String> up = new ArrayList<>();
    List<String> down = new ArrayList<>();
    for (int i = 0; i < 100; i++) { // the order of the letters is all that differs
      char c = (char) ('a' + rng.below(24));
      up.add("" + c + (char) (c + 1) + (char) (c + 2));
      down.add("" + (char) (c + 2) + (char) (c + 1) + c);
    }
    TextJudge judge = TextJudge.learn(List.of(up.subList(0, 80), down.subList(0, 80)), 150, rng);
    assertThat(judge.accuracy(up.subList(80, 100), 0)).isGreaterThan(0.9);
    assertThat(judge.accuracy(down.subList(80, 100), 1)).isGreaterThan(0.9);
    double[] p = judge.probabilities("abc");
    assertThat(p[0] + p[1]).isBetween(0.99999, 1.00001);
    assertThat(judge.probabilities("Ω")).hasSize(2); // a character that no example had
    assertThat(judge.probabilities("")).hasSize(2);
    assertThatThrownBy(() -> TextJudge.learn(List.of(up), 1, rng))
        .hasMessageContaining("at least two kinds");
  }

  @Test
  void theForecasterLearnsAWave() {
    double[] wave = new double[260];
    Arrays.setAll(wave, i -> 100 + 5 * Math.sin(2 * Math.PI * i / 10));
    double[] past = Arrays.copyOf(wave, 200);
    Forecaster f = Forecaster.learn(past, 12, 40, 1);
    double error = 0;
    double naive = 0;
    for (int i = 200; i < 260; i++) {
      error += Math.pow(f.next(Arrays.copyOf(wave, i)) - wave[i], 2);
      naive += Math.pow(wave[i - 1] - wave[i], 2);
    }
    assertThat(error).isLessThan(0.05 * naive);
    assertThat(f.ahead(past, 5)).hasSize(5);
    assertThat(f.ahead(past, 5)[0]).isEqualTo(f.next(past));
    assertThat(Forecaster.learn(past, 12, 1, 7).next(past))
        .isEqualTo(Forecaster.learn(past, 12, 1, 7).next(past));
    assertThatThrownBy(() -> f.next(1, 2, 3))
        .hasMessageContaining("3 values: at least a window's 12");
    assertThatThrownBy(() -> Forecaster.learn(new double[5], 4, 1, 1))
        .hasMessageContaining("at least two windows");
    past[3] = Double.NaN;
    assertThatThrownBy(() -> Forecaster.learn(past, 12, 1, 1))
        .hasMessageContaining("value 3 is NaN");
  }
}
