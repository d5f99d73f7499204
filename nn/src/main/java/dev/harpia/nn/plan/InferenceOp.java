package dev.harpia.nn.plan;

import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.SingleOutput;

/** An operation that stands only in plans and has no gradient. */
interface InferenceOp extends SingleOutput {
  @Override
  default boolean differentiable() {
    return false;
  }

  @Override
  default void backward(Tensor[] in, Tensor out, Tensor[] saved, Tensor g, GradientSink gIn) {
    throw new IllegalStateException(name() + ": plans have no gradients");
  }
}
