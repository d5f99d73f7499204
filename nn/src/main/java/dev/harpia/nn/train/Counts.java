package dev.harpia.nn.train;

import java.util.Arrays;

/** A metric that is a function of some sums: fresh, merge and state follow from that. */
abstract class Counts implements Metric {
  private final String name;
  private final boolean higherIsBetter;
  final double[] sums;

  Counts(String name, boolean higherIsBetter, int sums) {
    this.name = name;
    this.higherIsBetter = higherIsBetter;
    this.sums = new double[sums];
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final boolean higherIsBetter() {
    return higherIsBetter;
  }

  @Override
  public final void merge(Metric other) {
    if (!(other instanceof Counts c) || !c.name.equals(name) || c.sums.length != sums.length) {
      throw new IllegalArgumentException(
          "merge: " + name + " with " + other.name() + ": the metrics must be of the same kind");
    }
    join(c.sums);
  }

  /** Adds another part's sums. */
  void join(double[] other) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += other[i];
    }
  }

  @Override
  public final double[] state() {
    return sums.clone();
  }

  @Override
  public final void restore(double[] state) {
    if (state.length != sums.length) {
      throw new IllegalArgumentException(
          name + ": a state has " + sums.length + " numbers, this has " + state.length);
    }
    System.arraycopy(state, 0, sums, 0, sums.length);
  }

  @Override
  public final String toString() {
    return name + " " + value() + " " + Arrays.toString(sums);
  }
}
