package dev.harpia.models.rl;

import dev.harpia.nn.Loss;
import dev.harpia.nn.io.FormatException;
import dev.harpia.nn.io.SafeTensors;
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
    long[] state = rng.state();
    SafeTensors.save(
        tensors(),
        Map.of(
            "kind",
            KIND,
            "updates",
            Long.toString(updates),
            "steps",
            Long.toString(steps),
            "rng",
            state[0] + " " + state[1]),
        file);
  }

  /** Goes on from a saved agent, and returns the number of steps it had taken. */
  public long load(Path file, Rng rng) throws IOException {
    Map<String, String> texts = SafeTensors.metadata(file);
    if (!KIND.equals(texts.get("kind"))) {
      throw new FormatException(
          file, 8, "expected a DQN agent (kind " + KIND + "), found " + texts.get("kind"));
    }
    long[] numbers = new long[4];
    try {
      String[] words =
          (texts.get("updates") + " " + texts.get("steps") + " " + texts.get("rng")).split(" ", -1);
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = Long.parseLong(words[i]);
      }
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw new FormatException(file, 8, "expected updates, steps and rng as numbers", e);
    }
    SafeTensors.copy(file, SafeTensors.load(file), "this agent", tensors());
    updates = numbers[0];
    optimizer.resumeAt(updates);
    rng.restore(new long[] {numbers[2], numbers[3]});
    actor.stale();
    return numbers[1];
  }

  private Map<String, Tensor> tensors() {
    Map<String, Tensor> all = new LinkedHashMap<>();
    online.state().forEach((name, t) -> all.put("online." + name, t));
    target.state().forEach((name, t) -> all.put("target." + name, t));
    optimizer.state().forEach((name, t) -> all.put("optimizer." + name, t));
    return all;
  }
}
