package dev.harpia.models.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Exact checks of what deep Q-learning stands on: targets, the terminal mask, the sampling of
 * replay. Each check passes what we have, and is shown to fail what is broken in the usual ways.
 */
final class BrokenPiecesTest {
  private static final float[] REWARDS = {0.5f, 1.5f, 2.5f, 3.5f};
  private static final float[] DISCOUNTS = {0.9f, 0.81f, 0.9f, 0};

  private static void passesOnly(Runnable sound, Map<String, Runnable> broken) {
    sound.run();
    broken.forEach(
        (name, check) ->
            assertThatThrownBy(check::run).as(name).isInstanceOf(AssertionError.class));
  }

  // ---- targets

  private interface TargetRule {
    float target(DqnAgent agent, Transitions batch, int row);
  }

  private static DqnAgent agent(DqnSettings settings) {
    Rng.seed(4);
    DqnAgent agent = new DqnAgent(settings, 2, 3);
    agent.targetNetwork().copyFrom(new QNetwork(2, 3, settings.hidden(), settings.dueling()));
    return agent;
  }

  private static Transitions batch() {
    Transitions all = new Transitions(64, 2);
    Transitions.Columns c = all.columns();
    Rng rng = new Rng(3);
    for (int i = 0; i < 64; i++) {
      for (int k = 0; k < 2; k++) {
        c.observations().setAtIndex(ValueLayout.JAVA_FLOAT, 2L * i + k, rng.normal());
        c.next().setAtIndex(ValueLayout.JAVA_FLOAT, 2L * i + k, 3 * rng.normal());
      }
      c.actions().setAtIndex(ValueLayout.JAVA_INT, i, i % 3);
      c.rewards().setAtIndex(ValueLayout.JAVA_FLOAT, i, REWARDS[i % 4]);
      c.discounts().setAtIndex(ValueLayout.JAVA_FLOAT, i, DISCOUNTS[i % 4]);
    }
    all.changed();
    return all;
  }

  private static float[] row(QNetwork network, Tensor x, int i) {
    try (var _ = Scope.inference()) {
      return java.util.Arrays.copyOfRange(network.forward(x).toArray(), 3 * i, 3 * i + 3);
    }
  }

  /** The rule against its formula, by hand: r + d·q′(s′, argmax q′), or argmax q in double. */
  private static void targetsAreExact(boolean doubled, TargetRule rule) {
    DqnAgent agent = agent(doubled ? DqnSettings.dqn().withDouble() : DqnSettings.dqn());
    Transitions batch = batch();
    for (int i = 0; i < 64; i++) {
      float[] theirs = row(agent.targetNetwork(), batch.next(), i);
      float[] chooser = doubled ? row(agent.network(), batch.next(), i) : theirs;
      float expected = REWARDS[i % 4] + DISCOUNTS[i % 4] * theirs[Actor.argmax(chooser)];
      assertThat(rule.target(agent, batch, i)).as("row %d", i).isCloseTo(expected, within(1e-6f));
    }
  }

  private static float max(float[] x) {
    return x[Actor.argmax(x)];
  }

  @Test
  void targets() {
    TargetRule ours = (agent, batch, i) -> agent.targets(batch).get(i, 0);
    Map<String, TargetRule> broken = new LinkedHashMap<>();
    broken.put(
        "values of the network that learns",
        (a, b, i) -> reward(b, i) + discount(b, i) * max(row(a.network(), b.next(), i)));
    broken.put(
        "values of the present state",
        (a, b, i) ->
            reward(b, i) + discount(b, i) * max(row(a.targetNetwork(), b.observations(), i)));
    broken.put(
        "no terminal mask",
        (a, b, i) -> reward(b, i) + 0.9f * max(row(a.targetNetwork(), b.next(), i)));
    broken.put(
        "no discount",
        (a, b, i) ->
            reward(b, i) + (discount(b, i) > 0 ? 1 : 0) * max(row(a.targetNetwork(), b.next(), i)));
    broken.put("no reward", (a, b, i) -> discount(b, i) * max(row(a.targetNetwork(), b.next(), i)));
    broken.put(
        "value of the action taken",
        (a, b, i) -> reward(b, i) + discount(b, i) * row(a.targetNetwork(), b.next(), i)[i % 3]);
    Map<String, Runnable> simple = new LinkedHashMap<>();
    broken.forEach((name, rule) -> simple.put(name, () -> targetsAreExact(false, rule)));
    simple.put(
        "double learning where none is asked for",
        () -> targetsAreExact(false, (a, b, i) -> twice(a, b, i)));
    passesOnly(() -> targetsAreExact(false, ours), simple);

    Map<String, Runnable> doubled = new LinkedHashMap<>();
    doubled.put(
        "not double",
        () ->
            targetsAreExact(
                true,
                (a, b, i) ->
                    reward(b, i) + discount(b, i) * max(row(a.targetNetwork(), b.next(), i))));
    doubled.put(
        "the roles exchanged",
        () ->
            targetsAreExact(
                true,
                (a, b, i) -> {
                  int best = Actor.argmax(row(a.targetNetwork(), b.next(), i));
                  return reward(b, i) + discount(b, i) * row(a.network(), b.next(), i)[best];
                }));
    passesOnly(() -> targetsAreExact(true, ours), doubled);
  }

  private static float twice(DqnAgent a, Transitions b, int i) {
    int best = Actor.argmax(row(a.network(), b.next(), i));
    return reward(b, i) + discount(b, i) * row(a.targetNetwork(), b.next(), i)[best];
  }

  private static float reward(Transitions b, int i) {
    return b.rewards().get(i, 0);
  }

  private static float discount(Transitions b, int i) {
    return b.discounts().get(i, 0);
  }

  // ---- the terminal mask

  private interface Ending {
    Step seen(Step step);
  }

  private static Step step(double reward, boolean terminated, boolean truncated) {
    return new Step(new float[1], reward, terminated, truncated, Map.of());
  }

  /** The discount is 0 where the task ended, also when cut off at the same time, and else γⁿ. */
  private static void theMaskIsExact(int n, Ending ending) {
    boolean[][] ends = {{true, false}, {false, true}, {true, true}};
    for (boolean[] end : ends) {
      ReplayBuffer replay = ReplayBuffer.uniform(8, 1);
      NStep memory = new NStep(n, 0.5, replay);
      for (int t = 0; t < 4; t++) {
        Step plain = t < 3 ? step(1, false, false) : step(1, end[0], end[1]);
        memory.add(new float[1], t, ending.seen(plain));
      }
      assertThat(replay.size()).as("transitions of an episode of four steps").isEqualTo(4);
      Transitions drawn = new Transitions(50, 1);
      replay.sample(new Rng(1), 1, drawn);
      for (int i = 0; i < 50; i++) {
        int t = drawn.actions().getInt(i, 0);
        int covered = Math.min(n, 4 - t);
        boolean last = t + covered == 4;
        double expected = last && end[0] ? 0 : Math.pow(0.5, covered);
        assertThat((double) discount(drawn, i)).as("step %d of %d", t, n).isEqualTo(expected);
      }
    }
  }

  @Test
  void terminalMask() {
    for (int n : new int[] {1, 3}) {
      passesOnly(
          () -> theMaskIsExact(n, s -> s),
          Map.of(
              "cut off counts as the end",
              () -> theMaskIsExact(n, s -> step(1, s.done(), s.truncated())),
              "the end counts as cut off",
              () -> theMaskIsExact(n, s -> step(1, false, s.done())),
              "no end at all",
              () -> theMaskIsExact(n, s -> step(1, false, false)),
              "not the end when cut off as well",
              () -> theMaskIsExact(n, s -> step(1, s.terminated() && !s.truncated(), s.done()))));
    }
  }

  // ---- sampling

  private interface Draw {
    void sample(ReplayBuffer replay, Rng rng, double beta, Transitions batch);
  }

  private static ReplayBuffer filled(ReplayBuffer replay, int... items) {
    for (int i : items) {
      replay.add(new float[] {i, -i}, i, 10 * i, 0.5f * i, new float[] {i + 1, -i - 1});
    }
    return replay;
  }

  private static void rowsAreWhole(Transitions batch) {
    for (int i = 0; i < batch.size(); i++) {
      int k = batch.actions().getInt(i, 0);
      assertThat(batch.observations().get(i, 0)).isEqualTo(k);
      assertThat(reward(batch, i)).isEqualTo(10 * k);
      assertThat(discount(batch, i)).isEqualTo(0.5f * k);
      assertThat(batch.next().get(i, 1)).isEqualTo(-k - 1);
    }
  }

  /** The last five of seven, each as often as the others, in whole rows, with weight 1. */
  private static void uniformSamplingIsExact(Draw draw) {
    ReplayBuffer replay = filled(ReplayBuffer.uniform(5, 2), 1, 2, 3, 4, 5, 6, 7);
    int[] seen = new int[8];
    Transitions batch = new Transitions(100, 2);
    Rng rng = new Rng(3);
    for (int round = 0; round < 100; round++) {
      draw.sample(replay, rng, 1, batch);
      rowsAreWhole(batch);
      for (int i = 0; i < 100; i++) {
        seen[batch.actions().getInt(i, 0)]++;
        assertThat(batch.weights().get(i, 0)).isEqualTo(1);
      }
    }
    for (int k = 0; k < 8; k++) {
      // 2000 of 10000 draws expected, standard deviation 40: five of them
      assertThat((double) seen[k]).as("draws of %d", k).isCloseTo(k < 3 ? 0 : 2000, within(200.0));
    }
  }

  @Test
  void uniformSampling() {
    int[] all = {1, 2, 3, 4, 5, 6, 7};
    passesOnly(
        () -> uniformSamplingIsExact(ReplayBuffer::sample),
        Map.of(
            "never the newest",
            () -> uniformSamplingIsExact(other(filled(ReplayBuffer.uniform(4, 2), 3, 4, 5, 6))),
            "what was overwritten",
            () -> uniformSamplingIsExact(other(filled(ReplayBuffer.uniform(7, 2), all))),
            "one more often",
            () ->
                uniformSamplingIsExact(other(filled(ReplayBuffer.uniform(6, 2), 3, 3, 4, 5, 6, 7))),
            "by priorities",
            () ->
                uniformSamplingIsExact(
                    other(priorities(filled(ReplayBuffer.prioritised(5, 2, 1), 3, 4, 5, 6, 7), 5))),
            "rows mixed up",
            () ->
                uniformSamplingIsExact(
                    (replay, rng, beta, batch) -> {
                      replay.sample(rng, beta, batch);
                      MemorySegment next = batch.columns().next();
                      MemorySegment.copy(next, 8, next, 0, 8L * (batch.size() - 1));
                      batch.changed();
                    })));
  }

  private static Draw other(ReplayBuffer buffer) {
    return (replay, rng, beta, batch) -> buffer.sample(rng, beta, batch);
  }

  /** Priorities 1, 2, 3, … */
  private static ReplayBuffer priorities(ReplayBuffer replay, int n) {
    Transitions all = new Transitions(n, 2);
    float[] errors = new float[n];
    for (int i = 0; i < n; i++) {
      all.rows[i] = i;
      errors[i] = i + 0.999f;
    }
    replay.update(all, errors);
    return replay;
  }

  /** In proportion to priorities 1 to 4, with weights (n·P)^−β over the largest of the batch. */
  private static void prioritisedSamplingIsExact(Draw draw) {
    ReplayBuffer replay = priorities(filled(ReplayBuffer.prioritised(4, 2, 1), 0, 1, 2, 3), 4);
    int[] seen = new int[4];
    Transitions batch = new Transitions(100, 2);
    Rng rng = new Rng(5);
    for (int round = 0; round < 100; round++) {
      draw.sample(replay, rng, 0.5, batch);
      rowsAreWhole(batch);
      for (int i = 0; i < 100; i++) {
        int k = batch.actions().getInt(i, 0);
        seen[k]++;
        float weight = (float) Math.pow(k + 1, -0.5); // row 0 is in every batch, and the heaviest
        assertThat(batch.weights().get(i, 0)).isCloseTo(weight, within(1e-4f));
      }
    }
    for (int k = 0; k < 4; k++) {
      // drawn from equal parts of the whole: nearer than free draws
      assertThat((double) seen[k]).as("draws of %d", k).isCloseTo(1000.0 * (k + 1), within(150.0));
    }
  }

  @Test
  void prioritisedSampling() {
    ReplayBuffer fresh = filled(ReplayBuffer.prioritised(4, 2, 1), 0, 1, 2, 3);
    passesOnly(
        () -> prioritisedSamplingIsExact(ReplayBuffer::sample),
        Map.of(
            "uniform",
            () -> prioritisedSamplingIsExact(other(filled(ReplayBuffer.uniform(4, 2), 0, 1, 2, 3))),
            "priorities never updated",
            () -> prioritisedSamplingIsExact(other(fresh)),
            "half as strongly",
            () ->
                prioritisedSamplingIsExact(
                    other(priorities(filled(ReplayBuffer.prioritised(4, 2, 0.5), 0, 1, 2, 3), 4))),
            "no correction",
            () -> prioritisedSamplingIsExact((r, rng, beta, b) -> r.sample(rng, 0, b)),
            "too much correction",
            () -> prioritisedSamplingIsExact((r, rng, beta, b) -> r.sample(rng, 1, b))));
  }
}
