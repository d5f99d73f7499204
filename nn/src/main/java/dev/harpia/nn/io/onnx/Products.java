package dev.harpia.nn.io.onnx;

import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Affine;

/** Matrix products. */
final class Products {
  private Products() {}

  static void register(Operators.Registry r) {
    r.add("MatMul", Mapping.floats(c -> c.x(0).matmul(c.x(1))));
    r.add("Gemm", Mapping.floats(Products::gemm));
    r.add("Einsum", Mapping.floats(Products::einsum));
  }

  private static Tensor gemm(Call c) {
    Tensor a = c.flag("transA", false) ? c.x(0).transpose(0, 1) : c.x(0);
    boolean transposed = c.flag("transB", false);
    float alpha = c.number("alpha", 1);
    float beta = c.number("beta", 1);
    boolean bias = c.has(2) && beta != 0;
    boolean weights = !c.value(1).dynamic();
    if (weights && alpha == 1 && (!bias || beta == 1)) {
      Tensor w = transposed ? c.x(1) : c.x(1).transpose(0, 1);
      if (!bias) {
        return Tensor.apply(new Affine(), a, w);
      }
      if (c.rank(2) == 1 && c.shape(2).dim(0) == w.dim(0)) {
        return Tensor.apply(new Affine(), a, w, c.x(2));
      }
    }
    Tensor y = transposed ? a.matmulT(c.x(1)) : a.matmul(c.x(1));
    Tensor scaled = alpha == 1 ? y : y.mul(alpha);
    return !bias ? scaled : scaled.add(beta == 1 ? c.x(2) : c.x(2).mul(beta));
  }

  private static Tensor einsum(Call c) {
    Tensor[] in = new Tensor[c.in().size()];
    for (int i = 0; i < in.length; i++) {
      in[i] = c.x(i);
    }
    return Tensor.einsum(c.text("equation", ""), in);
  }
}
