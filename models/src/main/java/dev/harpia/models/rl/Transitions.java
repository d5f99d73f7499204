package dev.harpia.models.rl;

import dev.harpia.tensor.DType;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * B transitions outside the Java heap, a row each, overwritten by each sampling.
 *
 * <p>Shapes: observations and next observations [B, D]; actions (I32), rewards, discounts and
 * weights [B, 1]. The discount is γⁿ, or 0 where the task ended: a target is reward + discount ·
 * value(next).
 */
public final class Transitions {
  private final Tensor observations;
  private final Tensor actions;
  private final Tensor rewards;
  private final Tensor discounts;
  private final Tensor next;

  /** Importance weights: 1 where sampling is uniform. */
  private final Tensor weights;

  /** Which rows of the buffer these are. */
  final int[] rows;

  /** Room for {@code batch} transitions of observations of {@code size} floats. */
  public Transitions(int batch, int size) {
    observations = Tensor.zeros(batch, size).copy();
    next = Tensor.zeros(batch, size).copy();
    actions = Tensor.zeros(Shape.of(batch, 1), DType.I32).copy();
    rewards = Tensor.zeros(batch, 1).copy();
    discounts = Tensor.zeros(batch, 1).copy();
    weights = Tensor.ones(batch, 1).copy();
    rows = new int[batch];
  }

  /** The number of transitions. */
  public int size() {
    return rows.length;
  }

  /** What was seen. */
  public Tensor observations() {
    return observations;
  }

  /** What was done. */
  public Tensor actions() {
    return actions;
  }

  /** What it brought, over n steps. */
  public Tensor rewards() {
    return rewards;
  }

  /** The weight of what comes after. */
  public Tensor discounts() {
    return discounts;
  }

  /** What was seen n steps later. */
  public Tensor next() {
    return next;
  }

  /** Corrects for sampling that is not uniform. */
  public Tensor weights() {
    return weights;
  }

  /** The memory of each column, which lives as long as this. */
  Columns columns() {
    return new Columns(
        observations.segment(),
        actions.segment(),
        rewards.segment(),
        discounts.segment(),
        next.segment(),
        weights.segment());
  }

  /** The graph of an earlier loss on this memory is stale. */
  void changed() {
    observations.changed();
    actions.changed();
    rewards.changed();
    discounts.changed();
    next.changed();
    weights.changed();
  }

  /** Memory by column. */
  record Columns(
      MemorySegment observations,
      MemorySegment actions,
      MemorySegment rewards,
      MemorySegment discounts,
      MemorySegment next,
      MemorySegment weights) {
    /** Copies row {@code from} of other columns to row {@code to}; weights stay. */
    void copyRow(Columns source, int from, int to, int width) {
      long wide = 4L * width;
      MemorySegment.copy(source.observations, from * wide, observations, to * wide, wide);
      MemorySegment.copy(source.next, from * wide, next, to * wide, wide);
      MemorySegment.copy(source.actions, 4L * from, actions, 4L * to, 4);
      MemorySegment.copy(source.rewards, 4L * from, rewards, 4L * to, 4);
      MemorySegment.copy(source.discounts, 4L * from, discounts, 4L * to, 4);
    }
  }
}
