package dev.harpia.models.rl;

import dev.harpia.nn.Activation;
import dev.harpia.nn.Init;
import dev.harpia.nn.Linear;
import dev.harpia.nn.Loss;
import dev.harpia.nn.Sequential;
import dev.harpia.nn.optim.Adam;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.CrossEntropy;
import dev.harpia.tensor.op.Reduction;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * REINFORCE (Williams 1992) with the settings of the course's lab: one hidden layer of 32, γ =
 * 0.95, returns normalised over the episode, Adam 1e-3, gradients clipped to norm 2, one update per
 * episode.
 */
public final class Reinforce implements Agent<Integer> {
  private static final String KIND = "harpia.reinforce.1";
  private static final double GAMMA = 0.95;
  private static final int HIDDEN = 32;

  private final Sequential network;
  private final Adam optimizer;
  private final Actor actor;
  private final int actions;

  /** An agent whose initial weights come from the thread's {@link Rng}. */
  public Reinforce(int observationSize, int actionCount) {
    network =
        new Sequential(
            glorot(new Linear(observationSize, HIDDEN)),
            Activation.relu(),
            glorot(new Linear(HIDDEN, actionCount))); // logits
    optimizer = new Adam(network.parameters(), 1e-3);
    optimizer.clipNorm(2);
    actor = new Actor(network, observationSize, actionCount);
    actions = actionCount;
  }

  /** The initial weights of the lab's framework: Glorot's uniform ones, and no bias. */
  private static Linear glorot(Linear linear) {
    Tensor w = linear.weight();
    w.copyFrom(Init.xavierUniform(1, w.dim(0), w.dim(1)));
    Tensor bias = linear.state().get("bias");
    if (bias != null) {
      bias.copyFrom(Tensor.zeros(bias.shape()));
    }
    return linear;
  }

  /** The policy: observations [N, D] to logits [N, A]. */
  public Sequential network() {
    return network;
  }

  /** Acts by the network's present weights from now on, after a change from outside. */
  public void refresh() {
    actor.stale();
  }

  /** The likeliest action. */
  @Override
  public Integer act(float[] observation) {
    return Actor.argmax(actor.run(observation));
  }

  /** An action drawn by its probability. */
  int sample(float[] observation, Rng rng) {
    return Distributions.categorical(actor.run(observation), actions, rng);
  }

  /** Rₜ = rₜ + γRₜ₊₁, less their mean and divided by their standard deviation (over n). */
  static float[] returns(double[] rewards) {
    double[] r = new double[rewards.length];
    double next = 0;
    double mean = 0;
    for (int t = r.length - 1; t >= 0; t--) {
      next = rewards[t] + GAMMA * next;
      r[t] = next;
      mean += next / r.length;
    }
    double variance = 0;
    for (double x : r) {
      variance += (x - mean) * (x - mean) / r.length;
    }
    double scale = variance > 0 ? 1 / Math.sqrt(variance) : 0; // an episode of one step has none
    float[] normal = new float[r.length];
    for (int t = 0; t < r.length; t++) {
      normal[t] = (float) ((r[t] - mean) * scale);
    }
    return normal;
  }

  /** Makes the actions of an episode likelier by their returns: loss = mean(−log π(a|s) · R). */
  float learn(List<float[]> observations, int[] taken, double[] rewards) {
    try (var _ = Scope.open("learn")) {
      Tensor logits = network.forward(Tensor.of(observations.toArray(float[][]::new))); // [T, A]
      Tensor surprise =
          Loss.crossEntropy(
              logits, Tensor.of(taken), null, Reduction.NONE, 0, CrossEntropy.IGNORE); // [T]
      Tensor loss = surprise.mul(Tensor.of(returns(rewards), Shape.of(taken.length))).mean();
      optimizer.step(loss);
      actor.stale();
      return loss.item();
    }
  }

  /** Plays and learns episode by episode; returns the number of steps. */
  long train(
      Environment<Integer> environment,
      int episodes,
      long seed,
      LearningCurve curve,
      Checks<Integer> checks) {
    Rng rng = new Rng(seed);
    float[] observation = environment.reset(rng.nextLong());
    long steps = 0;
    for (int e = 0; e < episodes; e++) {
      List<float[]> seen = new ArrayList<>();
      List<Integer> taken = new ArrayList<>();
      List<Double> rewards = new ArrayList<>();
      for (boolean done = false; !done; ) {
        int action = sample(observation, rng);
        Step step = environment.step(action);
        seen.add(observation);
        taken.add(action);
        rewards.add(step.reward());
        observation = step.observation();
        done = step.done();
      }
      steps += taken.size();
      double[] r = rewards.stream().mapToDouble(Double::doubleValue).toArray();
      learn(seen, taken.stream().mapToInt(Integer::intValue).toArray(), r);
      curve.episode(steps, java.util.Arrays.stream(r).sum());
      observation = environment.reset();
      if (checks.solved(steps)) {
        break;
      }
    }
    return steps;
  }

  // ---- save and resume

  /** Saves network, optimizer and counters, with the state of the caller's random stream. */
  public void save(Path file, Rng rng, long steps) throws IOException {
    Snapshot s = Snapshot.to(file);
    s.put("rng", rng);
    s.put("steps", steps);
    s.put("updates", optimizer.steps());
    s.put("", tensors());
    s.write(KIND);
  }

  /** Goes on from a saved agent, and returns the number of steps it had taken. */
  public long load(Path file, Rng rng) throws IOException {
    Snapshot s = Snapshot.from(file, KIND, "a REINFORCE agent");
    long steps = s.number("steps", Long.MAX_VALUE);
    long[] state = s.random("rng");
    long updates = s.number("updates", Long.MAX_VALUE);
    s.copyTo("this agent", tensors());
    optimizer.resumeAt(updates);
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
