package dev.harpia.models.rl;

import java.util.Arrays;

/**
 * Returns of whole episodes, apart from training: nothing is learned, nothing explored.
 *
 * @param returns the sum of the rewards of each episode
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record Evaluation(double[] returns) {
  /** Plays episodes that {@code seed} fixes. */
  public static <A> Evaluation of(
      Environment<A> environment, Agent<A> agent, int episodes, long seed) {
    double[] returns = new double[episodes];
    for (int i = 0; i < episodes; i++) {
      float[] observation = i == 0 ? environment.reset(seed) : environment.reset();
      for (boolean done = false; !done; ) {
        Step step = environment.step(agent.act(observation));
        returns[i] += step.reward();
        observation = step.observation();
        done = step.done();
      }
    }
    return new Evaluation(returns);
  }

  /** The mean return. */
  public double mean() {
    return Arrays.stream(returns).average().orElse(Double.NaN);
  }

  /** The lowest return. */
  public double min() {
    return Arrays.stream(returns).min().orElse(Double.NaN);
  }

  /** The standard deviation of the returns, over n. */
  public double std() {
    double mean = mean();
    return Math.sqrt(Arrays.stream(returns).map(r -> (r - mean) * (r - mean)).average().orElse(0));
  }
}
