package dev.harpia.nn.plan;

import dev.harpia.simd.ConvForward;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Conv;

/** Brings a convolution's weights into the order that its kernel reads. */
record PackConv(Conv conv, Shape x) implements InferenceOp {
  @Override
  public Shape shape(Shape... in) {
    return Shape.of(Math.toIntExact((ConvForward.packedBytes(conv.geometry(x, in[0])) + 3) / 4));
  }

  @Override
  public void forward(Tensor[] in, Tensor out, Tensor[] saved) {
    ConvForward.packWeights(conv.geometry(x, in[0].shape()), in[0].address(), out.address());
  }
}
