package dev.harpia.tensor.op;

import dev.harpia.simd.Reductions;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Op;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The largest or smallest elements along an axis, which disappears, and where they are (I32): the
 * first of equals, to which the gradient goes. NaN counts as the extreme.
 */
public record Extremum(int axis, boolean max) implements Op {
  @Override
  public String name() {
    return max ? "max" : "min";
  }

  @Override
  public Shape[] shapes(Shape... in) {
    if (in[0].dim(axis) == 0) {
      throw new ShapeException(name(), "axis " + axis + " is empty and has no extreme", in[0]);
    }
    Shape s = in[0].without(axis);
    return new Shape[] {s, s};
  }

  @Override
  public DType[] types(DType... in) {
    Op.super.types(in);
    return new DType[] {DType.F32, DType.I32};
  }

  @Override
  public void forward(Tensor[] in, Tensor[] out, Tensor[] saved) {
    forward(in[0], out, Axes.of(in[0].shape(), axis));
  }

  @Override
  public Runnable bind(Tensor[] in, Tensor[] out) {
    Axes a = Axes.of(in[0].shape(), axis);
    return () -> forward(in[0], out, a);
  }

  private void forward(Tensor x, Tensor[] out, Axes a) {
    if (max) {
      Reductions.argMax(
          out[1].address(), out[0].address(), x.address(), a.outer(), a.axis(), a.inner());
    } else {
      Reductions.argMin(
          out[1].address(), out[0].address(), x.address(), a.outer(), a.axis(), a.inner());
    }
  }

  @Override
  public void backward(
      Tensor[] in, Tensor[] out, Tensor[] saved, @Nullable Tensor[] gOut, GradientSink gIn) {
    Tensor g = gOut[0];
    if (g == null) {
      return;
    }
    Axes a = Axes.of(in[0].shape(), axis);
    boolean add = gIn.accumulate(0);
    dev.harpia.simd.Gather.scatterAdd(
        gIn.target(0).address(),
        g.address(),
        out[1].address(),
        a.outer(),
        a.axis(),
        1,
        a.inner(),
        add);
  }
}
