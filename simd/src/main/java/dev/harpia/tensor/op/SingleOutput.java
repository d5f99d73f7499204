package dev.harpia.tensor.op;

import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Op;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * An operation with one output: the same contract as {@link Op} without arrays round the output.
 */
public interface SingleOutput extends Op {
  /** The output's shape. */
  Shape shape(Shape... in);

  /** Computes the output. */
  void forward(Tensor[] in, Tensor out, Tensor[] saved);

  /** Writes the wanted gradients, given the output's. */
  void backward(Tensor[] in, Tensor out, Tensor[] saved, Tensor g, GradientSink gIn);

  @Override
  default Shape[] shapes(Shape... in) {
    return new Shape[] {shape(in)};
  }

  @Override
  default void forward(Tensor[] in, Tensor[] out, Tensor[] saved) {
    forward(in, out[0], saved);
  }

  @Override
  default void backward(
      Tensor[] in, Tensor[] out, Tensor[] saved, @Nullable Tensor[] gOut, GradientSink gIn) {
    Tensor g = gOut[0];
    if (g != null) {
      backward(in, out[0], saved, g, gIn);
    }
  }
}
