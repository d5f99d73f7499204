package dev.harpia.nn.data;

import dev.harpia.tensor.DType;
import dev.harpia.tensor.Shape;
import java.io.IOException;
import java.util.function.Consumer;

/** A data set whose examples are changed as they are read. */
final class Changed implements Dataset {
  private final Dataset source;
  private final Consumer<Example> change;

  Changed(Dataset source, Consumer<Example> change) {
    this.source = source;
    this.change = change;
  }

  @Override
  public int size() {
    return source.size();
  }

  @Override
  public Shape inputShape() {
    return source.inputShape();
  }

  @Override
  public Shape targetShape() {
    return source.targetShape();
  }

  @Override
  public DType inputType() {
    return source.inputType();
  }

  @Override
  public DType targetType() {
    return source.targetType();
  }

  @Override
  public void get(int index, Example out) throws IOException {
    source.get(index, out);
    change.accept(out);
  }
}
