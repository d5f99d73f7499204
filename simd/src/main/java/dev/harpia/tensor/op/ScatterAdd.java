package dev.harpia.tensor.op;

import dev.harpia.simd.Copies;
import dev.harpia.simd.Gather;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;

/**
 * Adds each element of a source to the element of x at its place, but for the axis, where an index
 * says which: {@code y[.., index[i], ..] += source[.., i, ..]}.
 *
 * <p>Shapes: x and y [.., V, ..], index (I32) and source [.., K, ..].
 */
public record ScatterAdd(int axis) implements SingleOutput {
  @Override
  public Shape shape(Shape... in) {
    Shape x = in[0];
    if (!in[1].equals(in[2])
        || in[1].rank() != x.rank()
        || !in[1].with(axis, 0).equals(x.with(axis, 0))) {
      throw new ShapeException(
          name(),
          "index and source must have equal shapes, and the operand's but for axis " + axis,
          in);
    }
    return x;
  }

  @Override
  public DType[] types(DType... in) {
    if (in[0] != DType.F32 || in[1] != DType.I32 || in[2] != DType.F32) {
      throw new IllegalArgumentException(
          "scatterAdd: operands are "
              + in[0]
              + ", "
              + in[1]
              + " and "
              + in[2]
              + "; they must be F32, I32 and F32");
    }
    return new DType[] {DType.F32};
  }

  @Override
  public void forward(Tensor[] in, Tensor out, Tensor[] saved) {
    forward(in, out, Axes.of(out.shape(), axis));
  }

  @Override
  public Runnable bind(Tensor[] in, Tensor[] out) {
    Axes a = Axes.of(out[0].shape(), axis);
    return () -> forward(in, out[0], a);
  }

  private void forward(Tensor[] in, Tensor out, Axes a) {
    dev.harpia.tensor.op.Gather.requireIndices(name(), in[1], in[0].shape(), axis);
    Copies.block(out.address(), out.size(), in[0].address(), out.size(), 1, out.size(), false);
    Gather.scatterAdd(
        out.address(),
        in[2].address(),
        in[1].address(),
        a.outer(),
        a.axis(),
        in[1].dim(axis),
        a.inner(),
        true);
  }

  @Override
  public void backward(Tensor[] in, Tensor out, Tensor[] saved, Tensor g, GradientSink gIn) {
    Axes a = Axes.of(out.shape(), axis);
    if (gIn.wanted(0) && !gIn.adopt(0)) {
      boolean add = gIn.accumulate(0);
      Copies.block(gIn.target(0).address(), g.size(), g.address(), g.size(), 1, g.size(), add);
    }
    if (gIn.wanted(2)) {
      boolean add = gIn.accumulate(2);
      Gather.take(
          gIn.target(2).address(),
          g.address(),
          in[1].address(),
          a.outer(),
          a.axis(),
          in[1].dim(axis),
          a.inner(),
          add);
    }
  }
}
