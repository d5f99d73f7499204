package dev.harpia.nn.data;

import dev.harpia.tensor.Rng;

/** Where a {@link Dataset} writes one example: its input x and its target y. */
public final class Example {
  private final Row x;
  private final Row y;
  private float[] scratch = new float[0];
  private int index;
  private long epoch;

  Example(Dataset dataset) {
    x = new Row(dataset.inputShape(), dataset.inputType());
    y = new Row(dataset.targetShape(), dataset.targetType());
  }

  void show(int index, long epoch) {
    this.index = index;
    this.epoch = epoch;
  }

  /** The input. */
  public Row x() {
    return x;
  }

  /** The target. */
  public Row y() {
    return y;
  }

  /** The number of the example in the data set that the loader reads. */
  public int index() {
    return index;
  }

  /** The pass over the data set, from 0. */
  public long epoch() {
    return epoch;
  }

  /**
   * A stream that is fixed by the seed, the epoch and the example's number: what it decides is the
   * same whichever thread fills the batch, and after resuming.
   */
  public Rng rng(long seed) {
    long mixed = seed * 0x9E3779B97F4A7C15L + epoch * 0xD1342543DE82EF95L + index;
    return new Rng(mixed);
  }

  /** An array of at least {@code size} floats, of undefined content, kept for the next example. */
  public float[] scratch(int size) {
    if (scratch.length < size) {
      scratch = new float[size];
    }
    return scratch;
  }
}
