package dev.harpia.nn.io.onnx;

import dev.harpia.simd.Vectors;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.SingleOutput;

/**
 * A function of two integer tensors of one shape, for integers that a plan receives. What exceeds
 * the ONNX type wraps round; what exceeds 32 bits though the type has more is an exception. ONNX
 * leaves division by zero open; here its result is 0, as plans are traced on zeros.
 */
record IntegerOp(IntegerKind kind, OnnxType type) implements SingleOutput {
  @Override
  public String name() {
    return "integer " + kind;
  }

  @Override
  public Shape shape(Shape... in) {
    if (!in[0].equals(in[1])) {
      throw new ShapeException(name(), "shapes must be equal", in);
    }
    return in[0];
  }

  @Override
  public DType[] types(DType... in) {
    if (in[0] != DType.I32 || in[1] != DType.I32) {
      throw new IllegalArgumentException(name() + ": operands must be I32");
    }
    return new DType[] {DType.I32};
  }

  @Override
  public boolean differentiable() {
    return false;
  }

  @Override
  public void forward(Tensor[] in, Tensor out, Tensor[] saved) {
    long a = in[0].address();
    long b = in[1].address();
    long y = out.address();
    long bytes = 4 * out.size();
    for (long i = 0; i < bytes; i += 4) {
      int divisor = Vectors.getInt(b + i);
      boolean defined = divisor != 0 || !kind.divides();
      long v = defined ? kind.apply(Vectors.getInt(a + i), divisor, type) : 0;
      if ((int) v != v) {
        throw new ArithmeticException(
            name() + ": " + v + " does not fit the 32 bits that tensors have");
      }
      Vectors.setInt(y + i, (int) v);
    }
  }

  @Override
  public void backward(Tensor[] in, Tensor out, Tensor[] saved, Tensor g, GradientSink gIn) {
    throw new IllegalStateException(name() + " has no gradient");
  }
}
