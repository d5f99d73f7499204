package dev.harpia.tensor.op;

import dev.harpia.simd.Copies;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;

/** Repeats axes of length 1, and adds leading axes, so that the shape becomes {@code to}. */
public record Expand(Shape to) implements SingleOutput {
  @Override
  public Shape shape(Shape... in) {
    if (!in[0].broadcast("expand", to).equals(to)) {
      throw new ShapeException("expand", "only axes of length 1 can be repeated", in[0], to);
    }
    return to;
  }

  @Override
  public DType[] types(DType... in) {
    return in;
  }

  @Override
  public void forward(Tensor[] in, Tensor out, Tensor[] saved) {
    bind(in, new Tensor[] {out}).run();
  }

  @Override
  public Runnable bind(Tensor[] in, Tensor[] out) {
    // one axis at a time, the last one first, through the output's own shape
    Shape from = in[0].shape();
    int lead = to.rank() - from.rank();
    long[] strides = new long[to.rank()];
    long step = 1;
    for (int d = to.rank() - 1; d >= 0; d--) {
      int n = d < lead ? 1 : from.dim(d - lead);
      strides[d] = n == 1 ? 0 : step;
      step *= n;
    }
    int run = to.rank();
    long inner = 1;
    while (run > 0 && (strides[run - 1] == inner || to.dim(run - 1) == 1)) {
      inner *= to.dim(--run);
    }
    int last = run;
    long block = inner;
    return () -> fill(out[0].address(), in[0].address(), 0, last, block, strides);
  }

  private void fill(long y, long x, int axis, int last, long inner, long[] strides) {
    if (axis == last) {
      Copies.block(y, inner, x, inner, 1, inner, false);
      return;
    }
    long size = inner * to.size(axis + 1, last);
    if (axis == last - 1 && strides[axis] == 0) {
      Copies.expand(y, x, 1, to.dim(axis), inner, 1, false);
      return;
    }
    for (int i = 0; i < to.dim(axis); i++) {
      if (i > 0 && strides[axis] == 0) {
        Copies.block(y + 4 * size * i, size, y, size, 1, size, false);
      } else {
        fill(y + 4 * size * i, x + 4 * strides[axis] * i, axis + 1, last, inner, strides);
      }
    }
  }

  @Override
  public void backward(Tensor[] in, Tensor out, Tensor[] saved, Tensor g, GradientSink gIn) {
    boolean add = gIn.accumulate(0);
    Pointwise.sumTo(g, gIn.target(0), add, gIn);
  }
}
