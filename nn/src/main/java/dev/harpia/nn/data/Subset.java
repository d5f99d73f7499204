package dev.harpia.nn.data;

import dev.harpia.tensor.DType;
import dev.harpia.tensor.Shape;
import java.io.IOException;
import java.util.Objects;

/** Some examples of a data set. */
final class Subset implements Dataset {
  private final Dataset all;
  private final int[] indices;

  Subset(Dataset all, int[] indices) {
    for (int i : indices) {
      if (i < 0 || i >= all.size()) {
        throw new IndexOutOfBoundsException(
            "subset: example " + i + ": the data set has " + all.size());
      }
    }
    this.all = all;
    this.indices = indices;
  }

  @Override
  public int size() {
    return indices.length;
  }

  @Override
  public Shape inputShape() {
    return all.inputShape();
  }

  @Override
  public Shape targetShape() {
    return all.targetShape();
  }

  @Override
  public DType inputType() {
    return all.inputType();
  }

  @Override
  public DType targetType() {
    return all.targetType();
  }

  @Override
  public void get(int index, Example out) throws IOException {
    all.get(indices[Objects.checkIndex(index, indices.length)], out);
  }
}
