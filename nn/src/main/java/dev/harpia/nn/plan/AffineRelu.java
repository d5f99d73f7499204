package dev.harpia.nn.plan;

import dev.harpia.simd.Multiply;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Affine;

/** {@code max(x·Wᵀ + b, 0)}. */
record AffineRelu() implements InferenceOp {
  @Override
  public String name() {
    return "linear+relu";
  }

  @Override
  public Shape shape(Shape... in) {
    return new Affine().shape(in);
  }

  @Override
  public void forward(Tensor[] in, Tensor out, Tensor[] saved) {
    int k = in[1].dim(1);
    int n = in[1].dim(0);
    int m = n == 0 ? 0 : Math.toIntExact(out.size() / n);
    Multiply.affine(
        false,
        true,
        m,
        n,
        k,
        in[0].address(),
        k,
        in[1].address(),
        k,
        in[2].address(),
        true,
        out.address(),
        n);
  }
}
