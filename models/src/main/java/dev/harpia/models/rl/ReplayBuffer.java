package dev.harpia.models.rl;

import dev.harpia.nn.io.FormatException;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The last transitions of an agent, outside the Java heap. Adding overwrites the oldest; sampling
 * is uniform with replacement and takes O(1) per transition, or follows priorities (Schaul et al.
 * 2016) and takes O(log capacity): P(i) ∝ pᵢ^α, weight (n·P(i))^−β, divided by the batch's largest.
 */
public final class ReplayBuffer {
  private static final String KIND = "harpia.replay.1";
  private static final double SMALLEST = 1e-3; // no transition's priority is 0: each can be drawn

  private final int capacity;
  private final int width;
  private final double alpha;
  private final Transitions memory;
  private final Transitions.Columns columns;
  private final Tensor priorities;
  private final SumTree tree;
  private int size;
  private int cursor;
  private double largest = 1;

  private ReplayBuffer(int capacity, int width, double alpha) {
    if (capacity < 1 || width < 1) {
      throw new IllegalArgumentException(
          "replay: capacity " + capacity + ", observations of " + width + ": must be at least 1");
    }
    this.capacity = capacity;
    this.width = width;
    this.alpha = alpha;
    memory = new Transitions(capacity, width);
    columns = memory.columns();
    priorities = Tensor.zeros(alpha > 0 ? capacity : 0).copy();
    tree = new SumTree(alpha > 0 ? capacity : 1);
  }

  /** Samples uniformly. */
  public static ReplayBuffer uniform(int capacity, int observationSize) {
    return new ReplayBuffer(capacity, observationSize, 0);
  }

  /** Samples by priorities, as strongly as α says: 1 in proportion, near 0 uniformly. */
  public static ReplayBuffer prioritised(int capacity, int observationSize, double alpha) {
    if (!(alpha > 0 && alpha <= 1)) {
      throw new IllegalArgumentException("replay: alpha " + alpha + ": must be in (0, 1]");
    }
    return new ReplayBuffer(capacity, observationSize, alpha);
  }

  /** The number of transitions held. */
  public int size() {
    return size;
  }

  /** The number of transitions that there is room for. */
  public int capacity() {
    return capacity;
  }

  /** Adds a transition; a new one has the largest priority so far. */
  public void add(
      float[] observation, int action, float reward, float discount, float[] nextObservation) {
    if (observation.length != width || nextObservation.length != width) {
      throw new IllegalArgumentException(
          "replay: observations of "
              + observation.length
              + " and "
              + nextObservation.length
              + " floats: must be of "
              + width);
    }
    long wide = 4L * width * cursor;
    MemorySegment.copy(observation, 0, columns.observations(), ValueLayout.JAVA_FLOAT, wide, width);
    MemorySegment.copy(nextObservation, 0, columns.next(), ValueLayout.JAVA_FLOAT, wide, width);
    columns.actions().setAtIndex(ValueLayout.JAVA_INT, cursor, action);
    columns.rewards().setAtIndex(ValueLayout.JAVA_FLOAT, cursor, reward);
    columns.discounts().setAtIndex(ValueLayout.JAVA_FLOAT, cursor, discount);
    if (alpha > 0) {
      tree.set(cursor, Math.pow(largest, alpha));
    }
    cursor = (cursor + 1) % capacity;
    size = Math.min(size + 1, capacity);
  }

  /** Fills the batch; {@code beta} matters where there are priorities only. */
  public void sample(Rng rng, double beta, Transitions batch) {
    if (size == 0) {
      throw new IllegalStateException("replay: nothing to sample; add transitions first");
    }
    Transitions.Columns to = batch.columns();
    double heaviest = 0;
    for (int i = 0; i < batch.size(); i++) {
      int row = alpha > 0 ? draw(rng, i, batch.size()) : rng.below(size);
      batch.rows[i] = row;
      to.copyRow(columns, row, i, width);
      double weight = alpha > 0 ? Math.pow(size * tree.get(row) / tree.total(), -beta) : 1;
      to.weights().setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) weight);
      heaviest = Math.max(heaviest, weight);
    }
    for (int i = 0; alpha > 0 && i < batch.size(); i++) {
      float weight = to.weights().getAtIndex(ValueLayout.JAVA_FLOAT, i);
      to.weights().setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (weight / heaviest));
    }
    batch.changed();
  }

  /** One draw from each of n equal parts of the whole weight: less variance than n free draws. */
  private int draw(Rng rng, int i, int n) {
    return tree.find(tree.total() * ((i + rng.uniformDouble()) / n));
  }

  /** Gives the transitions of a batch their new priorities: the size of their errors. */
  public void update(Transitions batch, float[] errors) {
    if (alpha == 0) {
      return;
    }
    for (int i = 0; i < batch.size(); i++) {
      // rounded, so that a resumed buffer has the same
      float priority = (float) (Math.abs(errors[i]) + SMALLEST);
      largest = Math.max(largest, priority);
      tree.set(batch.rows[i], Math.pow(priority, alpha));
    }
  }

  // ---- save and resume

  /** Saves all transitions with their priorities. */
  public void save(Path file) throws IOException {
    Snapshot s = Snapshot.to(file);
    put("", s);
    s.write(KIND);
  }

  /** Goes on from a saved buffer of the same capacity and observations, or stays as it is. */
  public void load(Path file) throws IOException {
    Snapshot s = Snapshot.from(file, KIND, "a replay buffer");
    Place place = place("", s);
    s.copyTo("this replay buffer", tensors(""));
    resumed(place);
  }

  /** Where a buffer stands: beside its tensors, all that it is. */
  record Place(int size, int cursor, double largest) {}

  void put(String prefix, Snapshot s) {
    for (int i = 0; i < priorities.size(); i++) {
      priorities.set((float) Math.pow(tree.get(i), 1 / alpha), i);
    }
    s.put("", tensors(prefix));
    s.put(prefix + "size", size);
    s.put(prefix + "cursor", cursor);
    s.put(prefix + "largest", largest);
  }

  Place place(String prefix, Snapshot s) throws FormatException {
    return new Place(
        (int) s.number(prefix + "size", capacity),
        (int) s.number(prefix + "cursor", capacity - 1L),
        s.decimal(prefix + "largest"));
  }

  /** The tensors were overwritten with those of a buffer that stood there. */
  void resumed(Place place) {
    size = place.size();
    cursor = place.cursor();
    largest = place.largest();
    for (int i = 0; i < priorities.size(); i++) {
      tree.set(i, i < size ? Math.pow(priorities.get(i), alpha) : 0);
    }
  }

  Map<String, Tensor> tensors(String prefix) {
    Map<String, Tensor> all = new LinkedHashMap<>();
    all.put(prefix + "observations", memory.observations());
    all.put(prefix + "actions", memory.actions());
    all.put(prefix + "rewards", memory.rewards());
    all.put(prefix + "discounts", memory.discounts());
    all.put(prefix + "next", memory.next());
    if (alpha > 0) {
      all.put(prefix + "priorities", priorities);
    }
    return all;
  }
}
