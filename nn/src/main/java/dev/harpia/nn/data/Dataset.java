package dev.harpia.nn.data;

import dev.harpia.tensor.DType;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Shape;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Numbered examples of one shape, each an input and a target.
 *
 * <p>{@link #get} is called from the loader's own thread, and from several when several loaders
 * read the same data set: it must not change the data set.
 */
public interface Dataset {
  /** How many examples there are. */
  int size();

  /** The shape of one input. */
  Shape inputShape();

  /** The shape of one target: {@link Shape#SCALAR} for a class. */
  Shape targetShape();

  /** The type of the inputs. */
  default DType inputType() {
    return DType.F32;
  }

  /** The type of the targets: I32 for classes. */
  DType targetType();

  /** Writes all elements of input and target of example {@code index}. */
  void get(int index, Example out) throws IOException;

  /** Both parts of a split. */
  record Split(Dataset first, Dataset second) {}

  /**
   * Cuts the set in two at random: the first part has {@code round(fraction · size)} examples. For
   * three parts, split the second once more.
   */
  default Split split(double fraction, long seed) {
    if (!(fraction >= 0 && fraction <= 1)) {
      throw new IllegalArgumentException("split: fraction " + fraction + " must be from 0 to 1");
    }
    int[] order = new Rng(seed).permutation(size());
    int n = (int) Math.round(fraction * size());
    return new Split(
        subset(Arrays.copyOf(order, n)), subset(Arrays.copyOfRange(order, n, order.length)));
  }

  /** The examples of these numbers, in this order. */
  default Dataset subset(int... indices) {
    return new Subset(this, indices.clone());
  }

  /** The first {@code n} examples, or all if there are fewer. */
  default Dataset first(int n) {
    int[] indices = new int[Math.min(n, size())];
    Arrays.setAll(indices, i -> i);
    return subset(indices);
  }

  /**
   * The same examples, changed in place by {@code change} each time they are read: augmentation.
   * What is random in it comes from {@link Example#rng}.
   */
  default Dataset map(Consumer<Example> change) {
    return new Changed(this, change);
  }

  /** All examples read once, and kept in memory. */
  default TensorDataset load() throws IOException {
    BatchBuffer all = new BatchBuffer(this, size());
    int[] order = new int[size()];
    Arrays.setAll(order, i -> i);
    all.fill(order, 0, size(), 0);
    return new TensorDataset(all.batch().x(), all.batch().y());
  }
}
