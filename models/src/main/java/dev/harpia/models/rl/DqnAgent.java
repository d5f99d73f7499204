package dev.harpia.models.rl;

import dev.harpia.nn.Loss;
import dev.harpia.nn.optim.Adam;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Reduction;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Deep Q-learning (Mnih et al. 2015): a network learns q(s, a) = r + γ·max q′(s′, ·), with q′ an
 * older copy of itself, from remembered transitions.
 */
public final class DqnAgent implements Agent<Integer> {
  private static final String KIND = "harpia.dqn.1";

  private final DqnSettings settings;
  private final QNetwork online;
  private final QNetwork target;
  private final Adam optimizer;
  private final Actor actor;
  private final Tensor targets;
  private final float[] errors;
  private long updates;

  /** An agent whose initial weights come from the thread's {@link Rng}. */
  public DqnAgent(DqnSettings settings, int observationSize, int actionCount) {
    this.settings = settings;
    online = new QNetwork(observationSize, actionCount, settings.hidden(), settings.dueling());
    target = new QNetwork(observationSize, actionCount, settings.hidden(), settings.dueling());
    target.copyFrom(online);
    optimizer = new Adam(online.parameters(), settings.rate());
    optimizer.clipNorm(settings.clipNorm());
    actor = new Actor(online, observationSize, actionCount);
    targets = Tensor.zeros(settings.batch(), 1).copy();
    errors = new float[settings.batch()];
  }

  /** The network that acts and learns. */
  public QNetwork network() {
    return online;
  }

  /** The network that the targets come from. */
  QNetwork targetNetwork() {
    return target;
  }

  @Override
  public Integer act(float[] observation) {
    return Actor.argmax(actor.run(observation));
  }

  /** Values of the actions at batch 1, overwritten by the next call. */
  public float[] values(float[] observation) {
    return actor.run(observation);
  }

  /** Acts by the network's present weights from now on, after a change from outside. */
  public void refresh() {
    actor.stale();
  }

  /** Moves the network towards the targets of a batch; returns the loss. */
  public float learn(Transitions batch) {
    targets(batch);
    float value;
    try (var _ = Scope.open("learn")) {
      Tensor q = online.forward(batch.observations()).gather(1, batch.actions()); // [B, 1]
      Tensor loss = Loss.huber(q, targets, 1, Reduction.NONE).mul(batch.weights()).mean();
      optimizer.step(loss);
      q.sub(targets).copyTo(errors);
      value = loss.item();
    }
    actor.stale();
    if (++updates % settings.targetEvery() == 0) {
      target.copyFrom(online);
    }
    return value;
  }

  /** reward + discount · q′(next, a), a the best action by q′, or by q in double Q-learning. */
  Tensor targets(Transitions batch) {
    try (var _ = Scope.inference()) {
      Tensor next = target.forward(batch.next()); // [B, A]
      Tensor chooser = settings.doubled() ? online.forward(batch.next()) : next;
      Tensor value = next.gather(1, chooser.argmax(1).unsqueeze(1)); // [B, 1]
      targets.copyFrom(batch.rewards().add(batch.discounts().mul(value)));
    }
    return targets;
  }

  /** The errors q − target of the last batch, before its update. */
  float[] errors() {
    return errors;
  }

  // ---- save and resume

  /** Saves networks, optimizer and counters, with the state of the caller's random stream. */
  public void save(Path file, Rng rng, long steps) throws IOException {
    Snapshot s = Snapshot.to(file);
    s.put("rng", rng);
    s.put("steps", steps);
    put("", s);
    s.write(KIND);
  }

  /** Goes on from a saved agent, and returns the number of steps it had taken. */
  public long load(Path file, Rng rng) throws IOException {
    Snapshot s = Snapshot.from(file, KIND, "a DQN agent");
    long steps = s.number("steps", Long.MAX_VALUE);
    long[] state = s.random("rng");
    long updated = s.number("updates", Long.MAX_VALUE);
    s.copyTo("this agent", tensors(""));
    resumed(updated);
    rng.restore(state);
    return steps;
  }

  void put(String prefix, Snapshot s) {
    s.put("", tensors(prefix));
    s.put(prefix + "updates", updates);
  }

  /** The tensors were overwritten with those of so many updates. */
  void resumed(long updated) {
    updates = updated;
    optimizer.resumeAt(updated);
    actor.stale();
  }

  Map<String, Tensor> tensors(String prefix) {
    Map<String, Tensor> all = new LinkedHashMap<>();
    online.state().forEach((name, t) -> all.put(prefix + "online." + name, t));
    target.state().forEach((name, t) -> all.put(prefix + "target." + name, t));
    optimizer.state().forEach((name, t) -> all.put(prefix + "optimizer." + name, t));
    return all;
  }
}
