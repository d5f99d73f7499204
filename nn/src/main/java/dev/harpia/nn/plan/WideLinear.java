package dev.harpia.nn.plan;

import dev.harpia.simd.Multiply;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;

/**
 * {@code x·W + b}, with W [in, out] as ONNX has it: for a few rows the kernel reads it faster so
 * than as {@link dev.harpia.tensor.op.Affine}'s [out, in].
 *
 * @param relu whether negative results become 0
 */
record WideLinear(boolean relu) implements InferenceOp {
  @Override
  public String name() {
    return relu ? "linear+relu" : "linear";
  }

  @Override
  public Shape shape(Shape... in) {
    return in[0].with(-1, in[1].dim(1));
  }

  @Override
  public void forward(Tensor[] in, Tensor out, Tensor[] saved) {
    int k = in[1].dim(0);
    int n = in[1].dim(1);
    int m = Math.toIntExact(out.size() / n);
    Multiply.affine(
        false,
        false,
        m,
        n,
        k,
        in[0].address(),
        k,
        in[1].address(),
        n,
        in[2].address(),
        relu,
        out.address(),
        n);
  }
}
