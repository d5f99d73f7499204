package dev.harpia.tensor.op;

import dev.harpia.simd.Copies;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;

/** Indices {@code from … to−1} of an axis; a view where all axes before it have length 1. */
public record Slice(int axis, int from, int to, boolean view) implements SingleOutput {
  /** A slice of a shape; negative indices count from the end. */
  public static Slice of(Shape s, int axis, int from, int to) {
    int a = s.axis(axis);
    int n = s.dim(a);
    int f = from < 0 ? from + n : from;
    int t = to < 0 ? to + n : to;
    if (f < 0 || t > n || f > t) {
      throw new ShapeException(
          "slice", "axis " + axis + " of length " + n + " has no range " + from + " to " + to, s);
    }
    return new Slice(a, f, t, s.size(0, a) == 1);
  }

  @Override
  public Shape shape(Shape... in) {
    return in[0].with(axis, to - from);
  }

  @Override
  public DType[] types(DType... in) {
    return in;
  }

  @Override
  public long viewOffset(Shape... in) {
    return from * in[0].size(axis + 1, in[0].rank());
  }

  @Override
  public void forward(Tensor[] in, Tensor out, Tensor[] saved) {
    run(Axes.of(in[0].shape(), axis), in[0], out);
  }

  @Override
  public Runnable bind(Tensor[] in, Tensor[] out) {
    Axes a = Axes.of(in[0].shape(), axis);
    return () -> run(a, in[0], out[0]);
  }

  private void run(Axes a, Tensor x, Tensor y) {
    long n = (to - from) * a.inner();
    Copies.block(
        y.address(),
        n,
        x.address() + 4 * from * a.inner(),
        a.axis() * a.inner(),
        a.outer(),
        n,
        false);
  }

  @Override
  public void backward(Tensor[] in, Tensor out, Tensor[] saved, Tensor g, GradientSink gIn) {
    Axes a = Axes.of(in[0].shape(), axis);
    long n = (to - from) * a.inner();
    boolean add = gIn.accumulate(0);
    Tensor t = gIn.target(0);
    if (!add) {
      Copies.clear(t.address(), t.size());
    }
    Copies.block(
        t.address() + 4 * from * a.inner(),
        a.axis() * a.inner(),
        g.address(),
        n,
        a.outer(),
        n,
        add);
  }
}
