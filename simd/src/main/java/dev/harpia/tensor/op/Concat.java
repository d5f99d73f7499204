package dev.harpia.tensor.op;

import dev.harpia.simd.Copies;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;

/** Joins tensors along an axis; all other dimensions must be equal. */
public record Concat(int axis) implements SingleOutput {
  @Override
  public Shape shape(Shape... in) {
    if (in.length == 0) {
      throw new IllegalArgumentException("concat: no operands; it takes at least one");
    }
    int a = in[0].axis(axis);
    long n = 0;
    for (Shape s : in) {
      if (s.rank() != in[0].rank() || !s.with(a, 0).equals(in[0].with(a, 0))) {
        throw new ShapeException("concat", "shapes must be equal except along axis " + axis, in);
      }
      n += s.dim(a);
    }
    return in[0].with(a, Math.toIntExact(n));
  }

  @Override
  public DType[] types(DType... in) {
    for (DType t : in) {
      if (t != in[0]) {
        throw new IllegalArgumentException(
            "concat: operands are F32 and I32; their types must be equal");
      }
    }
    return new DType[] {in[0]};
  }

  @Override
  public void forward(Tensor[] in, Tensor out, Tensor[] saved) {
    join(in, out, Axes.of(out.shape(), axis));
  }

  @Override
  public Runnable bind(Tensor[] in, Tensor[] out) {
    Axes all = Axes.of(out[0].shape(), axis);
    return () -> join(in, out[0], all);
  }

  private void join(Tensor[] in, Tensor out, Axes all) {
    long at = out.address();
    for (Tensor t : in) {
      long n = t.dim(axis) * all.inner();
      Copies.block(at, all.axis() * all.inner(), t.address(), n, all.outer(), n, false);
      at += 4 * n;
    }
  }

  @Override
  public void backward(Tensor[] in, Tensor out, Tensor[] saved, Tensor g, GradientSink gIn) {
    Axes all = Axes.of(out.shape(), axis);
    long at = g.address();
    for (int i = 0; i < in.length; i++) {
      long n = in[i].dim(axis) * all.inner();
      if (gIn.wanted(i)) {
        boolean add = gIn.accumulate(i);
        Copies.block(gIn.target(i).address(), n, at, all.axis() * all.inner(), all.outer(), n, add);
      }
      at += 4 * n;
    }
  }
}
