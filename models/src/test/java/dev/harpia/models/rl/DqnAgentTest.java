package dev.harpia.models.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import dev.harpia.nn.io.FormatException;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The targets, the terminal mask, n-step returns, and that learning learns. */
final class DqnAgentTest {
  @TempDir private Path folder = Path.of("");

  private static DqnSettings small(DqnSettings s) {
    return new DqnSettings(
        8,
        1e-2,
        0.9,
        4,
        100,
        8,
        4,
        2,
        1000,
        50,
        0.1,
        s.steps(),
        s.doubled(),
        s.dueling(),
        s.prioritised(),
        10);
  }

  /** Four transitions; the last two rows differ in the terminal mask only. */
  private static Transitions batch() {
    ReplayBuffer replay = ReplayBuffer.uniform(1, 2);
    Transitions all = new Transitions(4, 2);
    float[][] next = {{1, 2}, {-1, 0.5f}, {0.3f, -2}, {0.3f, -2}};
    float[] discounts = {0.9f, 0.81f, 0.9f, 0};
    for (int i = 0; i < 4; i++) {
      replay.add(new float[] {i, 1}, i % 3, i + 0.5f, discounts[i], next[i]);
      Transitions one = new Transitions(1, 2);
      replay.sample(new Rng(1), 1, one);
      all.columns().copyRow(one.columns(), 0, i, 2);
    }
    all.changed();
    return all;
  }

  private static float[][] values(QNetwork network, Tensor x) {
    try (var _ = Scope.inference()) {
      float[] flat = network.forward(x).toArray();
      float[][] rows = new float[4][3];
      for (int i = 0; i < 12; i++) {
        rows[i / 3][i % 3] = flat[i];
      }
      return rows;
    }
  }

  private static DqnAgent agentWithTwoNetworks(DqnSettings settings) {
    Rng.seed(4);
    DqnAgent agent = new DqnAgent(small(settings), 2, 3);
    agent.targetNetwork().copyFrom(new QNetwork(2, 3, 8, settings.dueling())); // other weights
    return agent;
  }

  @Test
  void theTargetIsTheRewardAndTheDiscountedBestOfTheTargetNetwork() {
    DqnAgent agent = agentWithTwoNetworks(DqnSettings.dqn());
    Transitions batch = batch();
    float[][] theirs = values(agent.targetNetwork(), batch.next());
    float[] targets = agent.targets(batch).toArray();
    for (int i = 0; i < 4; i++) {
      float best = theirs[i][Actor.argmax(theirs[i])];
      float expected = i + 0.5f + new float[] {0.9f, 0.81f, 0.9f, 0}[i] * best;
      assertThat(targets[i]).isCloseTo(expected, within(1e-6f));
    }
  }

  @Test
  void inDoubleLearningTheOnlineNetworkChoosesAndTheTargetNetworkValues() {
    DqnAgent agent = agentWithTwoNetworks(DqnSettings.dqn().withDouble());
    Transitions batch = batch();
    float[][] theirs = values(agent.targetNetwork(), batch.next());
    float[][] mine = values(agent.network(), batch.next());
    float[] targets = agent.targets(batch).toArray();
    int different = 0;
    for (int i = 0; i < 4; i++) {
      int chosen = Actor.argmax(mine[i]);
      different += chosen == Actor.argmax(theirs[i]) ? 0 : 1;
      float expected = i + 0.5f + new float[] {0.9f, 0.81f, 0.9f, 0}[i] * theirs[i][chosen];
      assertThat(targets[i]).isCloseTo(expected, within(1e-6f));
    }
    assertThat(different).as("rows that tell the two apart").isPositive();
  }

  @Test
  void aTerminatedTransitionHasNoFutureAndATruncatedOneHas() {
    DqnAgent agent = agentWithTwoNetworks(DqnSettings.dqn());
    float[] targets = agent.targets(batch()).toArray();
    assertThat(targets[3]).isEqualTo(3.5f); // the reward alone
    assertThat(targets[2]).isNotEqualTo(2.5f);
    ReplayBuffer replay = ReplayBuffer.uniform(2, 1);
    NStep memory = new NStep(1, 0.9, replay);
    memory.add(new float[1], 0, new Step(new float[1], 1, true, true, Map.of()));
    memory.add(new float[1], 1, new Step(new float[1], 1, false, true, Map.of()));
    Transitions drawn = new Transitions(20, 1);
    replay.sample(new Rng(1), 1, drawn);
    for (int i = 0; i < 20; i++) {
      float expected = drawn.actions().getInt(i, 0) == 0 ? 0 : 0.9f;
      assertThat(drawn.discounts().get(i, 0)).isEqualTo(expected);
    }
  }

  @Test
  void severalStepsAddUpAndAnEpisodesEndIsShorter() {
    ReplayBuffer replay = ReplayBuffer.uniform(10, 1);
    NStep memory = new NStep(3, 0.5, replay);
    for (int t = 0; t < 4; t++) {
      boolean end = t == 3;
      Step step = new Step(new float[] {t + 1}, 1 << t, end, false, Map.of());
      memory.add(new float[] {t}, t, step);
    }
    assertThat(replay.size()).isEqualTo(4);
    Transitions drawn = new Transitions(100, 1);
    replay.sample(new Rng(1), 1, drawn);
    float[] rewards = {1 + 1 + 1, 2 + 2 + 2, 4 + 4, 8};
    float[] discounts = {0.125f, 0, 0, 0};
    float[] next = {3, 4, 4, 4};
    for (int i = 0; i < 100; i++) {
      int t = drawn.actions().getInt(i, 0);
      assertThat(drawn.observations().get(i, 0)).isEqualTo(t);
      assertThat(drawn.rewards().get(i, 0)).isEqualTo(rewards[t]);
      assertThat(drawn.discounts().get(i, 0)).isEqualTo(discounts[t]);
      assertThat(drawn.next().get(i, 0)).isEqualTo(next[t]);
    }
  }

  @Test
  void learningMovesTheValuesOfTheChosenActionsToTheTargets() {
    for (DqnSettings s : new DqnSettings[] {DqnSettings.dqn(), DqnSettings.rainbowLite()}) {
      DqnAgent agent = agentWithTwoNetworks(s);
      Transitions batch = batch();
      float first = agent.learn(batch);
      float last = first;
      for (int i = 0; i < 300; i++) {
        last = agent.learn(batch);
      }
      assertThat(last).isLessThan(0.02f * first);
    }
  }

  @Test
  void actingFollowsTheNetworkAfterEachUpdateAndAllocatesNothing() {
    for (DqnSettings s : new DqnSettings[] {DqnSettings.dqn(), DqnSettings.dqn().withDueling()}) {
      Rng.seed(2);
      DqnAgent agent = new DqnAgent(small(s), 2, 3);
      Transitions batch = batch();
      float[] x = {0.5f, -1};
      for (int i = 0; i < 3; i++) {
        agent.learn(batch);
        try (var _ = Scope.inference()) {
          Tensor q = agent.network().forward(Tensor.of(new float[][] {x}));
          float[] eager = q.toArray();
          float[] planned = agent.values(x);
          for (int k = 0; k < 3; k++) {
            assertThat(planned[k]).isCloseTo(eager[k], within(1e-5f));
          }
        }
      }
      // asking for the number of bytes takes a few itself
      assertThat(bytesOf2000Actions(agent, x)).as("dueling: %s", s.dueling()).isLessThan(2000);
    }
  }

  /** The least of several rounds: the first ones run code that is not compiled yet. */
  private static long bytesOf2000Actions(DqnAgent agent, float[] x) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 60 && least > 0; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 2000; i++) {
        agent.act(x);
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }

  @Test
  void oneSeedIsOneRun() {
    assertThat(run(6)).isEqualTo(run(6)).isNotEqualTo(run(7));
  }

  private static double[] run(long seed) {
    Rng.seed(seed);
    DqnSettings settings = small(DqnSettings.rainbowLite());
    DqnAgent agent = new DqnAgent(settings, 4, 2);
    DqnTraining training = new DqnTraining(CartPole.v1(), agent, settings, seed);
    var checks =
        new Checks<>(CartPole.v1(), agent, agent.network(), training.curve(), 200, 1e9, 1, n -> {});
    training.run(600, checks::solved);
    return training.curve().returns();
  }

  @Test
  void aResumedAgentGoesOnToTheSameBits() throws IOException {
    Rng.seed(1);
    DqnSettings settings = small(DqnSettings.dqn());
    DqnAgent first = new DqnAgent(settings, 2, 3);
    Transitions batch = batch();
    first.learn(batch);
    Path file = folder.resolve("agent.safetensors");
    Rng rng = new Rng(9);
    rng.nextLong();
    first.save(file, rng, 77);
    DqnAgent second = new DqnAgent(settings, 2, 3);
    Rng resumed = new Rng(0);
    assertThat(second.load(file, resumed)).isEqualTo(77);
    assertThat(resumed.nextLong()).isEqualTo(rng.nextLong());
    float[] x = {1, 1};
    assertThat(second.values(x).clone()).isEqualTo(first.values(x).clone());
    assertThat(second.learn(batch)).isEqualTo(first.learn(batch));
    assertThat(second.values(x).clone()).isEqualTo(first.values(x).clone());
  }

  @Test
  void aCorruptCheckpointIsRefused() throws IOException {
    DqnAgent agent = new DqnAgent(small(DqnSettings.dqn()), 2, 3);
    Path file = folder.resolve("agent.safetensors");
    agent.save(file, new Rng(1), 1);
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    assertThatThrownBy(() -> agent.load(file, new Rng(1)))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("agent.safetensors");
  }

  @Test
  void explorationFallsToItsLeast() {
    Exploration e = Exploration.linear(1, 0.1, 90);
    assertThat(e.at(0)).isEqualTo(1);
    assertThat(e.at(45)).isCloseTo(0.55, within(1e-12));
    assertThat(e.at(1000)).isEqualTo(0.1);
    assertThat(Exploration.exponential(1, 0.2, 0.5).at(1)).isEqualTo(0.5);
    assertThat(Exploration.exponential(1, 0.2, 0.5).at(9)).isEqualTo(0.2);
    assertThatThrownBy(() -> Exploration.linear(1.5, 0, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** CartPole's official threshold: a mean of 475 over 100 episodes. */
  @Test
  @Tag("full")
  void aQNetworkSolvesCartPole() {
    Rng.seed(2);
    DqnSettings settings = DqnSettings.dqn();
    DqnAgent agent = new DqnAgent(settings, 4, 2);
    DqnTraining training = new DqnTraining(CartPole.v1(), agent, settings, 2);
    var checks =
        new Checks<>(
            CartPole.v1(), agent, agent.network(), training.curve(), 2000, 500, 1002, n -> {});
    training.run(50_000, checks::solved);
    checks.restoreBest();
    agent.refresh();
    assertThat(Evaluation.of(CartPole.v1(), agent, 100, 31).mean()).isGreaterThanOrEqualTo(475);
  }
}
