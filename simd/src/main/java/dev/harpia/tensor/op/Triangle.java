package dev.harpia.tensor.op;

import dev.harpia.simd.Copies;
import dev.harpia.simd.Vectors;
import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;

/**
 * The part of matrices [.., M, N] on and below a diagonal, or on and above it; zero elsewhere.
 *
 * @param diagonal 0 is the main one, positive ones lie above it
 */
public record Triangle(boolean lower, int diagonal) implements SingleOutput {
  @Override
  public String name() {
    return lower ? "tril" : "triu";
  }

  @Override
  public Shape shape(Shape... in) {
    if (in[0].rank() < 2) {
      throw new ShapeException(name(), "the operand must be [.., M, N]", in);
    }
    return in[0];
  }

  @Override
  public void forward(Tensor[] in, Tensor out, Tensor[] saved) {
    copy(out, in[0], false);
  }

  @Override
  public void backward(Tensor[] in, Tensor out, Tensor[] saved, Tensor g, GradientSink gIn) {
    boolean add = gIn.accumulate(0);
    copy(gIn.target(0), g, add);
  }

  private void copy(Tensor to, Tensor from, boolean add) {
    if (to.size() == 0) {
      return;
    }
    int m = from.dim(-2);
    int n = from.dim(-1);
    long matrices = from.size() / ((long) m * n);
    if (!add) {
      Vectors.zero(to.address(), 4 * to.size());
    }
    for (int row = 0; row < m; row++) {
      long edge = (long) row + diagonal;
      int first = lower ? 0 : Math.clamp(edge, 0, n);
      int count = lower ? Math.clamp(edge + 1, 0, n) : n - first;
      if (count > 0) {
        long at = 4 * ((long) row * n + first);
        Copies.block(
            to.address() + at,
            (long) m * n,
            from.address() + at,
            (long) m * n,
            matrices,
            count,
            add);
      }
    }
  }
}
