package dev.harpia.tensor.op;

import dev.harpia.simd.LocalResponse;
import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;

/**
 * Local response normalisation (Krizhevsky et al. 2012) of [N, C, ..]: {@code y = x / (k + α/n·Σ
 * x²)^β}, with the sum over n neighbouring channels.
 */
public record LocalResponseNorm(int size, float alpha, float beta, float k)
    implements SingleOutput {
  @Override
  public Shape shape(Shape... in) {
    if (in[0].rank() < 2 || size < 1) {
      throw new ShapeException(
          name(), "the input must be [N, C, ..], the size " + size + " positive", in);
    }
    return in[0];
  }

  private static long plane(Shape x) {
    return x.size(2, x.rank());
  }

  @Override
  public void forward(Tensor[] in, Tensor out, Tensor[] saved) {
    Tensor x = in[0];
    LocalResponse.forward(
        out.address(), x.address(), x.dim(0), x.dim(1), plane(x.shape()), size, alpha, beta, k);
  }

  @Override
  public void backward(Tensor[] in, Tensor out, Tensor[] saved, Tensor g, GradientSink gIn) {
    Tensor x = in[0];
    boolean add = gIn.accumulate(0);
    LocalResponse.backward(
        gIn.target(0).address(),
        g.address(),
        x.address(),
        x.dim(0),
        x.dim(1),
        plane(x.shape()),
        size,
        alpha,
        beta,
        k,
        add);
  }
}
