package dev.harpia.nn.plan;

import dev.harpia.simd.PackedRow;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;

/**
 * {@code x·Wᵀ + b} of a single row with packed weights, with a ReLU where one follows. Inputs: x,
 * packed weights and, if any, the bias.
 *
 * @param weight the shape of W before it was packed, [n, k]
 */
record PackedLinear(Shape weight, boolean bias, boolean relu) implements InferenceOp {
  PackedLinear withRelu() {
    return new PackedLinear(weight, bias, true);
  }

  @Override
  public String name() {
    return relu ? "linear+relu" : "linear";
  }

  @Override
  public Shape shape(Shape... in) {
    return in[0].with(-1, weight.dim(0));
  }

  @Override
  public void forward(Tensor[] in, Tensor out, Tensor[] saved) {
    long b = bias ? in[2].address() : 0;
    PackedRow.run(
        in[0].address(), in[1].address(), b, relu, weight.dim(0), weight.dim(1), out.address());
  }
}
