package dev.harpia.models.rl;

import dev.harpia.nn.Layer;
import java.util.Arrays;

/**
 * One run of learning: an agent, how it learned, and how good it is.
 *
 * @param steps steps taken in the environment until learning ended
 * @param seconds what they took, with all learning and the evaluations between
 * @param test consecutive episodes after learning, in worlds never seen before, nothing explored
 * @param <A> an action
 */
record Learned<A>(
    Agent<A> agent,
    Layer network,
    LearningCurve curve,
    long steps,
    double seconds,
    Evaluation test) {
  private static final int ACTIONS = 20_000;

  /** The time of an action in µs at two quantiles, of the compiled code. */
  double[] latency(float[] observation) {
    long[] nanos = new long[ACTIONS];
    for (int i = 0; i < nanos.length; i++) {
      long t = System.nanoTime();
      agent.act(observation);
      nanos[i] = System.nanoTime() - t;
    }
    long[] last = Arrays.copyOfRange(nanos, nanos.length / 2, nanos.length);
    Arrays.sort(last);
    return new double[] {last[last.length / 2] / 1e3, last[last.length * 99 / 100] / 1e3};
  }
}
