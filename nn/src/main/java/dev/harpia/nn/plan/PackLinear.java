package dev.harpia.nn.plan;

import dev.harpia.simd.PackedRow;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;

/** Brings the weights [n, k] of a linear layer into the order that {@link PackedRow} reads. */
record PackLinear() implements InferenceOp {
  @Override
  public Shape shape(Shape... in) {
    return Shape.of(Math.toIntExact(PackedRow.bytes(in[0].dim(0), in[0].dim(1)) / Float.BYTES));
  }

  @Override
  public void forward(Tensor[] in, Tensor out, Tensor[] saved) {
    PackedRow.pack(in[0].address(), in[0].dim(0), in[0].dim(1), out.address());
  }
}
