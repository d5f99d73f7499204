package dev.harpia.tensor.op;

import dev.harpia.simd.Multiply;
import dev.harpia.simd.Reductions;
import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;

/**
 * The affine map of linear layers, {@code y = x·Wᵀ + b}, as one operation.
 *
 * <p>Shapes: x [.., in], W [out, in], b [out] (may be left out), y [.., out].
 */
public record Affine() implements SingleOutput {
  @Override
  public String name() {
    return "linear";
  }

  @Override
  public Shape shape(Shape... in) {
    Shape x = in[0];
    Shape w = in[1];
    if (w.rank() != 2 || x.rank() == 0 || x.dim(-1) != w.dim(1)) {
      throw new ShapeException(
          "linear",
          x.rank() == 0 || w.rank() != 2
              ? "the input needs at least one axis, the weight two"
              : "the input's last dimension "
                  + x.dim(-1)
                  + " and the weight's "
                  + w.dim(1)
                  + " differ",
          in);
    }
    if (in.length > 2 && (in[2].rank() != 1 || in[2].dim(0) != w.dim(0))) {
      throw new ShapeException("linear", "the bias must be [" + w.dim(0) + "]", in);
    }
    return x.with(-1, w.dim(0));
  }

  @Override
  public void forward(Tensor[] in, Tensor out, Tensor[] saved) {
    int k = in[1].dim(1);
    int n = in[1].dim(0);
    int m = rows(in[0], k, out, n);
    if (in.length > 2) {
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
          false,
          out.address(),
          n);
    } else {
      Multiply.run(
          false, true, m, n, k, 1, in[0].address(), k, in[1].address(), k, 0, out.address(), n);
    }
  }

  @Override
  public void backward(Tensor[] in, Tensor out, Tensor[] saved, Tensor g, GradientSink gIn) {
    int k = in[1].dim(1);
    int n = in[1].dim(0);
    int m = rows(in[0], k, out, n);
    if (gIn.wanted(0)) {
      float beta = gIn.accumulate(0) ? 1 : 0;
      Multiply.run(
          false,
          false,
          m,
          k,
          n,
          1,
          g.address(),
          n,
          in[1].address(),
          k,
          beta,
          gIn.target(0).address(),
          k);
    }
    if (gIn.wanted(1)) {
      float beta = gIn.accumulate(1) ? 1 : 0;
      Multiply.run(
          true,
          false,
          n,
          k,
          m,
          1,
          g.address(),
          n,
          in[0].address(),
          k,
          beta,
          gIn.target(1).address(),
          k);
    }
    if (in.length > 2 && gIn.wanted(2)) {
      boolean add = gIn.accumulate(2);
      Reductions.sum(gIn.target(2).address(), g.address(), 1, m, n, 1, add);
    }
  }

  private static int rows(Tensor x, int k, Tensor y, int n) {
    return Math.toIntExact(k > 0 ? x.size() / k : n > 0 ? y.size() / n : 0);
  }
}
