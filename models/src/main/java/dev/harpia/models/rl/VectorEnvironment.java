package dev.harpia.models.rl;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Several copies of an environment, stepped together. A copy whose episode ends is reset at once
 * (Gymnasium's same-step mode): its row of the observations is the new episode's first, and the old
 * one's last is among the steps.
 */
public final class VectorEnvironment<A> {
  private final List<Environment<A>> copies = new ArrayList<>();
  private final int size;
  private final float[] observations;

  /** {@code n} copies. */
  public VectorEnvironment(Supplier<Environment<A>> maker, int n) {
    if (n < 1) {
      throw new IllegalArgumentException("vector environment: " + n + " copies: at least 1");
    }
    for (int i = 0; i < n; i++) {
      copies.add(maker.get());
    }
    size = copies.getFirst().observationSize();
    observations = new float[n * size];
  }

  /** The number of copies, N. */
  public int count() {
    return copies.size();
  }

  /** The actions of each copy. */
  public Space<A> actionSpace() {
    return copies.getFirst().actionSpace();
  }

  /** The floats in one copy's observation, D. */
  public int observationSize() {
    return size;
  }

  /** Starts an episode in each copy, from seed, seed + 1, …; returns the observations [N, D]. */
  public float[] reset(long seed) {
    for (int i = 0; i < copies.size(); i++) {
      put(i, copies.get(i).reset(seed + i));
    }
    return observations;
  }

  /** Acts in each copy; the steps hold the last observations of episodes that end. */
  public List<Step> step(List<A> actions) {
    if (actions.size() != copies.size()) {
      throw new IllegalArgumentException(
          "vector environment: "
              + actions.size()
              + " actions for "
              + copies.size()
              + " copies: must be as many");
    }
    List<Step> steps = new ArrayList<>(actions.size());
    for (int i = 0; i < copies.size(); i++) {
      Step step = copies.get(i).step(actions.get(i));
      steps.add(step);
      put(i, step.done() ? copies.get(i).reset() : step.observation());
    }
    return steps;
  }

  /** The present observations [N, D], overwritten by the next step. */
  public float[] observations() {
    return observations;
  }

  private void put(int i, float[] row) {
    System.arraycopy(row, 0, observations, i * size, size);
  }
}
