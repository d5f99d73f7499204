package dev.harpia.models.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Returns, advantages, distributions and the clipped gain, by hand; and that policies learn. */
final class PolicyTest {
  @Test
  void returnsAreDiscountedAndNormalised() {
    // R = 1 + 0.95·1.95 …: 2.8525, 1.95, 1; mean 1.9341667; deviation over n 0.7563
    float[] r = Reinforce.returns(new double[] {1, 1, 1});
    double[] raw = {2.8525, 1.95, 1};
    double mean = (raw[0] + raw[1] + raw[2]) / 3;
    double variance = 0;
    for (double x : raw) {
      variance += (x - mean) * (x - mean) / 3;
    }
    for (int t = 0; t < 3; t++) {
      assertThat(r[t]).isCloseTo((float) ((raw[t] - mean) / Math.sqrt(variance)), within(1e-6f));
    }
    assertThat(Reinforce.returns(new double[] {1})).containsExactly(0f);
  }

  @Test
  void advantagesLookAheadAsFarAsLambdaAndNotPastAnEnd() {
    Rollout<Integer> rollout = new Rollout<>(1);
    rollout.add(new float[1], 0, 0, 0.5, 1, false);
    rollout.add(new float[1], 0, 0, 0.25, 2, true);
    rollout.add(new float[1], 0, 0, 1, 4, false);
    double[] a = rollout.advantages(new double[] {8}, 0.5, 0.5);
    assertThat(a[2]).isEqualTo(4 + 0.5 * 8 - 1);
    assertThat(a[1]).isEqualTo(2 - 0.25); // the episode ends: neither value nor advantage after
    assertThat(a[0]).isEqualTo(1 + 0.5 * 0.25 - 0.5 + 0.25 * a[1]);
    assertThat(rollout.returns(a)).containsExactly(a[0] + 0.5, a[1] + 0.25, a[2] + 1);
  }

  @Test
  void thereIsNoGainFromMovingFurtherThanTheClip() {
    Tensor ratio = Tensor.of(1.5f, 0.5f, 1.5f, 0.5f, 1.1f);
    Tensor advantage = Tensor.of(2f, 2, -2, -2, 2);
    assertThat(PpoAgent.surrogate(ratio, advantage, 0.25).toArray())
        .containsExactly(new float[] {2.5f, 1, -3, -1.5f, 2.2f}, within(1e-6f));
    assertThat(PpoAgent.surrogate(ratio, advantage, Double.POSITIVE_INFINITY).toArray())
        .containsExactly(new float[] {3, 1, -3, -1, 2.2f}, within(1e-6f));
  }

  @Test
  void logProbabilitiesAreTheSameInTensorsAndInPlainNumbers() {
    PolicyHead<Integer> discrete = PolicyHead.of(new Space.Discrete(3));
    float[] logits = {0.1f, -2, 1};
    Tensor row = Tensor.of(new float[][] {logits});
    double sum = 0;
    for (int i = 0; i < 3; i++) {
      double p = discrete.logProbability(logits, i);
      sum += Math.exp(p);
      Tensor t = discrete.logProbability(row, Tensor.zeros(3), List.of(i));
      assertThat(t.toArray()[0]).isCloseTo((float) p, within(1e-5f));
    }
    assertThat(sum).isCloseTo(1, within(1e-12));
    PolicyHead<float[]> normal = PolicyHead.of(Space.Box.symmetric(1, 1));
    float[] logStd = {0.5f, -1};
    normal.logStd(logStd);
    float[] means = {0.3f, -0.2f};
    float[] x = {1, 0.1f};
    Tensor t =
        normal.logProbability(Tensor.of(new float[][] {means}), Tensor.of(logStd), List.of(x));
    double expected = 0;
    for (int i = 0; i < 2; i++) {
      double s = Math.exp(logStd[i]);
      double density =
          Math.exp(-0.5 * Math.pow((x[i] - means[i]) / s, 2)) / (s * Math.sqrt(2 * Math.PI));
      expected += Math.log(density);
    }
    assertThat(normal.logProbability(means, x)).isCloseTo(expected, within(1e-6));
    assertThat(t.toArray()[0]).isCloseTo((float) expected, within(1e-5f));
  }

  @Test
  void drawsFollowTheirProbabilities() {
    float[] logits = {(float) Math.log(1), (float) Math.log(2), (float) Math.log(5)};
    int[] seen = new int[3];
    Rng rng = new Rng(1);
    for (int i = 0; i < 8000; i++) {
      seen[Distributions.categorical(logits, 3, rng)]++;
    }
    // standard deviations 30, 39, 43: five of them
    assertThat(seen[0]).isCloseTo(1000, within(150));
    assertThat(seen[1]).isCloseTo(2000, within(195));
    assertThat(seen[2]).isCloseTo(5000, within(215));
  }

  @Test
  @Tag("full")
  void reinforceReaches195() {
    CartPoleSettings settings =
        new CartPoleSettings(CartPoleSettings.Method.REINFORCE, 1, 1000, 1, 1);
    Learned<Integer> learner = new CartPoleTask(settings).learn(1, (steps, curve) -> {});
    assertThat(learner.curve().best(100)).isGreaterThanOrEqualTo(195);
    assertThat(learner.test().mean()).isGreaterThanOrEqualTo(195);
  }

  @Test
  @Tag("full")
  void ppoSolvesCartPole() {
    CartPoleSettings settings = new CartPoleSettings(CartPoleSettings.Method.PPO, 100_000, 1, 1, 1);
    Learned<Integer> learner = new CartPoleTask(settings).learn(1, (steps, curve) -> {});
    assertThat(learner.test().mean()).isGreaterThanOrEqualTo(475);
  }

  @Test
  @Tag("full")
  void ppoSwingsThePendulumUp() {
    Rng.seed(1);
    Space<float[]> actions = Pendulum.v1().actionSpace();
    PpoAgent<float[]> agent = new PpoAgent<>(PpoSettings.pendulum(), 3, actions);
    LearningCurve curve = new LearningCurve();
    var checks =
        new Checks<>(Pendulum.v1(), agent, agent.network(), curve, 8192, -140, 1001, n -> {});
    agent.train(Pendulum::v1, 100_000, 1, curve, checks);
    checks.restoreBest();
    agent.refresh();
    assertThat(Evaluation.of(Pendulum.v1(), agent, 100, 9).mean()).isGreaterThanOrEqualTo(-300);
  }
}
