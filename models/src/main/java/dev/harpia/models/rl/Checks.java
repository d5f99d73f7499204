package dev.harpia.models.rl;

import dev.harpia.nn.Layer;
import dev.harpia.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * Evaluates an agent between its steps, keeps the weights of its best evaluation, and says when it
 * is good enough. Learning is not steady: the last weights are seldom the best.
 */
final class Checks<A> {
  /** Episodes of an evaluation. */
  static final int EPISODES = 10;

  private final Environment<A> environment;
  private final Agent<A> agent;
  private final Layer network;
  private final LearningCurve curve;
  private final long every;
  private final double enough;
  private final long seed;
  private final LongConsumer progress;
  private final Map<String, Tensor> best = new LinkedHashMap<>();
  private double bestMean = Double.NEGATIVE_INFINITY;
  private long next;

  /**
   * Evaluates every so many steps, in an environment apart.
   *
   * @param enough the mean return that ends learning when two evaluations running reach it
   * @param progress told the number of steps after each evaluation
   */
  Checks(
      Environment<A> environment,
      Agent<A> agent,
      Layer network,
      LearningCurve curve,
      long every,
      double enough,
      long seed,
      LongConsumer progress) {
    this.environment = environment;
    this.agent = agent;
    this.network = network;
    this.curve = curve;
    this.every = every;
    this.enough = enough;
    this.seed = seed;
    this.progress = progress;
    next = every;
  }

  /** Evaluates if it is time; returns whether the agent is good enough. */
  boolean solved(long steps) {
    if (steps < next) {
      return false;
    }
    next = steps + every;
    double mean = Evaluation.of(environment, agent, EPISODES, seed).mean();
    curve.evaluation(steps, mean);
    progress.accept(steps);
    boolean twice = mean >= enough && bestMean >= enough;
    if (mean >= bestMean) {
      bestMean = mean;
      network.state().forEach((name, t) -> best.put(name, t.copy()));
    }
    return twice;
  }

  /** Puts the weights of the best evaluation back. */
  void restoreBest() {
    network
        .state()
        .forEach(
            (name, t) -> {
              Tensor kept = best.get(name);
              if (kept != null) {
                t.copyFrom(kept);
              }
            });
  }
}
