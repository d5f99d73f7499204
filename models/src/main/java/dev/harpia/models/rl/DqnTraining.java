package dev.harpia.models.rl;

import dev.harpia.tensor.Rng;

/** Lets a {@link DqnAgent} explore an environment, remember, and learn. */
public final class DqnTraining {
  private final Environment<Integer> environment;
  private final DqnAgent agent;
  private final DqnSettings settings;
  private final ReplayBuffer replay;
  private final NStep memory;
  private final Transitions batch;
  private final Exploration exploration;
  private final Rng rng;
  private final LearningCurve curve = new LearningCurve();

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
  }

  /** The returns so far. */
  public LearningCurve curve() {
    return curve;
  }

  /** What is remembered. */
  public ReplayBuffer replay() {
    return replay;
  }

  /** Takes up to {@code steps} steps, fewer if the checks are satisfied; returns how many. */
  long run(long steps, Checks<Integer> checks) {
    float[] observation = environment.reset();
    double total = 0;
    for (long t = 1; t <= steps; t++) {
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
        if (checks.solved(t)) {
          return t;
        }
      }
    }
    return steps;
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
}
