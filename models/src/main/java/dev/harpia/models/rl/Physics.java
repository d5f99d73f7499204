package dev.harpia.models.rl;

import dev.harpia.tensor.Rng;

/** An environment whose state is a vector of doubles, as Gymnasium's classic control has them. */
abstract class Physics<A> extends Episodic<A> {
  /** The state. */
  double[] state = {};

  /** Draws a first state. */
  abstract double[] first(Rng rng);

  /** What the agent sees of the state: here all of it. */
  float[] observe() {
    float[] seen = new float[state.length];
    for (int i = 0; i < seen.length; i++) {
      seen[i] = (float) state[i];
    }
    return seen;
  }

  @Override
  final float[] begin(Rng rng) {
    state = first(rng);
    return observe();
  }

  /** Begins an episode in a given state. */
  final float[] resetTo(double... start) {
    state = start.clone();
    start();
    return observe();
  }

  static double[] uniform(Rng rng, int n, double low, double high) {
    double[] x = new double[n];
    for (int i = 0; i < n; i++) {
      x[i] = low + (high - low) * rng.uniformDouble();
    }
    return x;
  }
}
