package dev.harpia.nn.io.onnx;

import dev.harpia.simd.Vectors;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.SingleOutput;

/** Floats as integers, rounded toward zero and limited to 32 bits; NaN becomes 0. */
record ToInteger() implements SingleOutput {
  @Override
  public Shape shape(Shape... in) {
    return in[0];
  }

  @Override
  public DType[] types(DType... in) {
    SingleOutput.super.types(in);
    return new DType[] {DType.I32};
  }

  @Override
  public boolean differentiable() {
    return false;
  }

  @Override
  public void forward(Tensor[] in, Tensor out, Tensor[] saved) {
    long x = in[0].address();
    long y = out.address();
    long bytes = 4 * out.size();
    for (long i = 0; i < bytes; i += 4) {
      Vectors.setInt(y + i, (int) Vectors.get(x + i));
    }
  }

  @Override
  public void backward(Tensor[] in, Tensor out, Tensor[] saved, Tensor g, GradientSink gIn) {
    throw new IllegalStateException(name() + " has no gradient");
  }
}
