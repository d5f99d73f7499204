package dev.harpia.nn.data;

import dev.harpia.tensor.DType;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.Objects;

/** Examples held in two tensors: inputs [N, ..] and targets [N, ..], which are not copied. */
public final class TensorDataset implements Dataset {
  private final Tensor inputs;
  private final Tensor targets;
  private final MemorySegment x;
  private final MemorySegment y;

  /** Row i of {@code inputs} belongs to row i of {@code targets}. */
  public TensorDataset(Tensor inputs, Tensor targets) {
    if (inputs.rank() < 1 || targets.rank() < 1 || inputs.dim(0) != targets.dim(0)) {
      throw new ShapeException(
          "dataset",
          "inputs and targets must have the same number of rows",
          inputs.shape(),
          targets.shape());
    }
    this.inputs = inputs;
    this.targets = targets;
    x = inputs.segment();
    y = targets.segment();
  }

  /** All inputs. */
  public Tensor inputs() {
    return inputs;
  }

  /** All targets. */
  public Tensor targets() {
    return targets;
  }

  @Override
  public int size() {
    return inputs.dim(0);
  }

  @Override
  public Shape inputShape() {
    return inputs.shape().without(0);
  }

  @Override
  public Shape targetShape() {
    return targets.shape().without(0);
  }

  @Override
  public DType inputType() {
    return inputs.type();
  }

  @Override
  public DType targetType() {
    return targets.type();
  }

  @Override
  public void get(int index, Example out) {
    Objects.checkIndex(index, size());
    inputs.address(); // refuses a tensor whose scope is closed
    targets.address();
    out.x().copyFrom(x, index);
    out.y().copyFrom(y, index);
    Reference.reachabilityFence(this);
  }
}
