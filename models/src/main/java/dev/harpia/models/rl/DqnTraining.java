package dev.harpia.models.rl;

import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Lets a {@link DqnAgent} explore an environment, remember, and learn. */
public final class DqnTraining {
  private static final String KIND = "harpia.dqn-training.1";
  private static final String AGENT = "agent.";
  private static final String REPLAY = "replay.";
  private static final String CURVE = "curve.";

  private final Environment<Integer> environment;
  private final DqnAgent agent;
  private final DqnSettings settings;
  private final ReplayBuffer replay;
  private final NStep memory;
  private final Transitions batch;
  private final Exploration exploration;
  private final Rng rng;
  private final LearningCurve curve = new LearningCurve();
  private float[] observation;
  private double total; // the return so far of the episode under way
  private long taken;

  /** A training whose randomness comes from {@code seed}. */
  public DqnTraining(
      Environment<Integer> environment, DqnAgent agent, DqnSettings settings, long seed) {
    this.environment = environment;
    this.agent = agent;
    this.settings = settings;
    int size = environment.observationSize();
    replay =
        settings.prioritised()
            ? ReplayBuffer.prioritised(settings.capacity(), size, 0.6)
            : ReplayBuffer.uniform(settings.capacity(), size);
    memory = new NStep(settings.steps(), settings.gamma(), replay);
    batch = new Transitions(settings.batch(), size);
    exploration =
        Exploration.linear(1, settings.leastExploration(), Math.max(1, settings.exploreSteps()));
    rng = new Rng(seed);
    environment.reset(rng.nextLong());
    observation = environment.reset();
  }

  /** The returns so far. */
  public LearningCurve curve() {
    return curve;
  }

  /** What is remembered. */
  public ReplayBuffer replay() {
    return replay;
  }

  /** The steps taken so far. */
  public long taken() {
    return taken;
  }

  /** Takes steps until there are {@code steps} in all, and learns. */
  public void run(long steps) {
    run(steps, t -> false);
  }

  /** Looks at the agent after a phase of learning, and says whether it is good enough. */
  interface Judge {
    boolean enough(long steps);
  }

  /**
   * Takes steps until there are {@code steps} in all, or the judge is satisfied; returns how many
   * there are.
   */
  long run(long steps, Judge judge) {
    while (taken < steps) {
      long t = ++taken;
      boolean explore = rng.uniformDouble() < exploration.at(t);
      int action = explore ? environment.sampleAction(rng) : agent.act(observation);
      Step step = environment.step(action);
      memory.add(observation, action, step);
      total += step.reward();
      observation = step.observation();
      if (step.done()) {
        curve.episode(t, total);
        total = 0;
        observation = environment.reset();
      }
      if (t >= settings.warmup() && t % settings.every() == 0) {
        learn((double) t / steps);
        if (judge.enough(t)) {
          break;
        }
      }
    }
    return taken;
  }

  /** A phase of learning; sampling by priorities is corrected for more as training goes on. */
  private void learn(double progress) {
    double beta = 0.4 + 0.6 * progress;
    for (int i = 0; i < settings.updates(); i++) {
      replay.sample(rng, beta, batch);
      agent.learn(batch);
      replay.update(batch, agent.errors());
    }
  }

  // ---- save and resume

  /**
   * Saves all of the training but the environment's state: agent, replay, random stream, counters,
   * returns. The episode under way is left, here as in a training that resumes: both go on with the
   * same new episode, to the same bits.
   */
  public void save(Path file) throws IOException {
    Snapshot s = Snapshot.to(file);
    s.put("rng", rng);
    s.put("taken", taken);
    agent.put(AGENT, s);
    replay.put(REPLAY, s);
    curve.put(CURVE, s);
    s.write(KIND);
    leaveEpisode();
  }

  /** Goes on from a saved training of the same settings, or stays as it is. */
  public void load(Path file) throws IOException {
    Snapshot s = Snapshot.from(file, KIND, "a DQN training");
    LearningCurve returns = LearningCurve.take(CURVE, s);
    long steps = s.number("taken", Long.MAX_VALUE);
    long updates = s.number(AGENT + "updates", Long.MAX_VALUE);
    long[] state = s.random("rng");
    ReplayBuffer.Place place = replay.place(REPLAY, s);
    Map<String, Tensor> mine = agent.tensors(AGENT);
    mine.putAll(replay.tensors(REPLAY));
    s.copyTo("this training", mine);
    agent.resumed(updates);
    replay.resumed(place);
    curve.become(returns);
    taken = steps;
    rng.restore(state);
    leaveEpisode();
  }

  private void leaveEpisode() {
    memory.clear();
    total = 0;
    observation = environment.reset(rng.nextLong());
  }
}
