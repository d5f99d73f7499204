package dev.harpia.models.rl;

import dev.harpia.nn.optim.Adam;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Proximal policy optimisation (Schulman et al. 2017) for discrete and continuous actions, and A2C
 * as its special case.
 *
 * @param <A> an action
 */
public final class PpoAgent<A> implements Agent<A> {
  private static final String KIND = "harpia.actor-critic.1";

  private final PpoSettings settings;
  private final ActorCritic network;
  private final PolicyHead<A> head;
  private final Adam optimizer;
  private final Actor actor;
  private double left = 1; // the share of training to come

  /** An agent whose initial weights come from the thread's {@link Rng}. */
  public PpoAgent(PpoSettings settings, int observationSize, Space<A> actions) {
    this(
        settings,
        observationSize,
        actions,
        new ActorCritic(observationSize, PolicyHead.of(actions).outputs(), 0));
  }

  /** An agent with a network of its own kind. */
  PpoAgent(PpoSettings settings, int observationSize, Space<A> actions, ActorCritic network) {
    this.settings = settings;
    this.network = network;
    head = PolicyHead.of(actions);
    double rate = settings.rate();
    optimizer =
        new Adam(network.parameters(), step -> settings.decaying() ? rate * left : rate)
            .epsilon(1e-5);
    optimizer.clipNorm(settings.clipNorm());
    actor = new Actor(network, observationSize, head.outputs() + 1);
  }

  /** Policy and value function. */
  public ActorCritic network() {
    return network;
  }

  /** Acts by the network's present weights from now on, after a change from outside. */
  public void refresh() {
    actor.stale();
    head.logStd(network.logStd().toArray());
  }

  @Override
  public A act(float[] observation) {
    return head.best(actor.run(observation));
  }

  private double value(float[] observation) {
    return actor.run(observation)[head.outputs()];
  }

  /** Takes about {@code steps} steps, fewer if the checks are satisfied; returns how many. */
  long train(
      Supplier<Environment<A>> maker,
      long steps,
      long seed,
      LearningCurve curve,
      Checks<A> checks) {
    Rng rng = new Rng(seed);
    var worlds = new VectorEnvironment<>(maker, settings.copies());
    worlds.reset(rng.nextLong());
    double[] totals = new double[worlds.count()];
    long done = 0;
    while (done < steps) {
      left = Math.max(0, 1 - (double) done / steps);
      refresh();
      Rollout<A> rollout = collect(worlds, rng, totals, done, curve);
      done += rollout.size();
      learn(rollout, lastValues(worlds), rng);
      refresh();
      if (checks.solved(done)) {
        break;
      }
    }
    return done;
  }

  private Rollout<A> collect(
      VectorEnvironment<A> worlds, Rng rng, double[] totals, long before, LearningCurve curve) {
    Rollout<A> rollout = new Rollout<>(worlds.count());
    for (int t = 0; t < settings.horizon(); t++) {
      List<A> actions = new ArrayList<>();
      List<float[]> seen = new ArrayList<>();
      double[] values = new double[worlds.count()];
      double[] logs = new double[worlds.count()];
      for (int i = 0; i < worlds.count(); i++) {
        float[] observation = row(worlds, i);
        float[] out = actor.run(observation);
        A action = head.sample(out, rng);
        logs[i] = head.logProbability(out, action);
        values[i] = out[head.outputs()];
        seen.add(observation);
        actions.add(action);
      }
      List<Step> results = worlds.step(actions);
      for (int i = 0; i < worlds.count(); i++) {
        Step s = results.get(i);
        double reward = s.reward() * settings.rewardScale();
        if (s.truncated() && !s.terminated()) {
          reward += settings.gamma() * value(s.observation()); // it would have gone on
        }
        rollout.add(seen.get(i), actions.get(i), logs[i], values[i], reward, s.done());
        totals[i] += s.reward();
        if (s.done()) {
          curve.episode(before + rollout.size(), totals[i]);
          totals[i] = 0;
        }
      }
    }
    return rollout;
  }

  private static float[] row(VectorEnvironment<?> worlds, int i) {
    int size = worlds.observationSize();
    return java.util.Arrays.copyOfRange(worlds.observations(), i * size, (i + 1) * size);
  }

  private double[] lastValues(VectorEnvironment<A> worlds) {
    double[] last = new double[worlds.count()];
    for (int i = 0; i < last.length; i++) {
      last[i] = value(row(worlds, i));
    }
    return last;
  }

  private void learn(Rollout<A> rollout, double[] last, Rng rng) {
    double[] advantages = rollout.advantages(last, settings.gamma(), settings.lambda());
    double[] returns = rollout.returns(advantages);
    for (int epoch = 0; epoch < settings.epochs(); epoch++) {
      int[] order = rng.permutation(rollout.size());
      for (int from = 0; from < order.length; from += settings.batch()) {
        int to = Math.min(order.length, from + settings.batch());
        learn(rollout, advantages, returns, java.util.Arrays.copyOfRange(order, from, to));
      }
    }
  }

  private void learn(Rollout<A> rollout, double[] advantages, double[] returns, int[] rows) {
    try (var _ = Scope.open("learn")) {
      Tensor x = Tensor.of(pick(rollout.observations, rows).toArray(float[][]::new)); // [B, D]
      Tensor a = normalised(advantages, rows); // [B]
      Tensor out = network.policy(x); // [B, K]
      Tensor now = head.logProbability(out, network.logStd(), pick(rollout.actions, rows)); // [B]
      Tensor ratio = now.sub(of(rows, k -> rollout.logProbabilities.get(k))).exp();
      Tensor gain = surrogate(ratio, a, settings.clip() * (settings.decaying() ? left : 1));
      Tensor miss = network.value(x).sub(of(rows, k -> returns[k])).square().mean();
      Tensor loss = miss.mul(settings.valueWeight()).sub(gain.mean());
      if (settings.entropyWeight() > 0) {
        loss = loss.sub(head.entropy(out, network.logStd()).mul(settings.entropyWeight()));
      }
      optimizer.step(loss);
    }
  }

  /** min(ratio·A, clip(ratio, 1 − c, 1 + c)·A): no gain from moving further than c. */
  static Tensor surrogate(Tensor ratio, Tensor advantage, double clip) {
    Tensor gain = ratio.mul(advantage);
    return Double.isInfinite(clip)
        ? gain
        : gain.min(ratio.clamp((float) (1 - clip), (float) (1 + clip)).mul(advantage));
  }

  private static Tensor normalised(double[] advantages, int[] rows) {
    double mean = java.util.Arrays.stream(rows).mapToDouble(k -> advantages[k]).average().orElse(0);
    double squares = 0;
    for (int k : rows) {
      squares += (advantages[k] - mean) * (advantages[k] - mean);
    }
    double scale = 1 / (Math.sqrt(squares / rows.length) + 1e-8);
    return of(rows, k -> (advantages[k] - mean) * scale);
  }

  private static Tensor of(int[] rows, java.util.function.IntToDoubleFunction value) {
    float[] x = new float[rows.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) value.applyAsDouble(rows[i]);
    }
    return Tensor.of(x, Shape.of(x.length));
  }

  private static <T> List<T> pick(List<T> all, int[] rows) {
    List<T> some = new ArrayList<>(rows.length);
    for (int k : rows) {
      some.add(all.get(k));
    }
    return some;
  }

  // ---- save and resume

  /** Saves network, optimizer and counters, with the state of the caller's random stream. */
  public void save(Path file, Rng rng, long steps) throws IOException {
    Snapshot s = Snapshot.to(file);
    s.put("rng", rng);
    s.put("steps", steps);
    s.put("updates", optimizer.steps());
    s.put("left", left);
    s.put("", tensors());
    s.write(KIND);
  }

  /** Goes on from a saved agent, and returns the number of steps it had taken. */
  public long load(Path file, Rng rng) throws IOException {
    Snapshot s = Snapshot.from(file, KIND, "an actor-critic agent");
    long steps = s.number("steps", Long.MAX_VALUE);
    long[] state = s.random("rng");
    long updates = s.number("updates", Long.MAX_VALUE);
    double share = s.decimal("left");
    s.copyTo("this agent", tensors());
    optimizer.resumeAt(updates);
    left = share;
    rng.restore(state);
    refresh();
    return steps;
  }

  private Map<String, Tensor> tensors() {
    Map<String, Tensor> all = new LinkedHashMap<>();
    network.state().forEach((name, t) -> all.put("network." + name, t));
    optimizer.state().forEach((name, t) -> all.put("optimizer." + name, t));
    return all;
  }
}
