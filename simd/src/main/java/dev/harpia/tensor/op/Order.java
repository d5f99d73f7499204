package dev.harpia.tensor.op;

import dev.harpia.simd.Gather;
import dev.harpia.simd.Sorting;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Op;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The first {@code k} elements of the sorted last axis, and where they were (I32): a sort where k
 * is the whole axis, else the k largest or smallest. Equal elements keep their order; NaN counts as
 * the largest.
 *
 * <p>Shapes: x [.., D], values and indices [.., k].
 */
public record Order(int k, boolean descending) implements Op {
  @Override
  public String name() {
    return "sort";
  }

  @Override
  public Shape[] shapes(Shape... in) {
    int n = in[0].dim(-1);
    if (k < 0 || k > n) {
      throw new ShapeException("topk", "k = " + k + " must be from 0 to " + n, in[0]);
    }
    Shape s = in[0].with(in[0].rank() - 1, k);
    return new Shape[] {s, s};
  }

  @Override
  public DType[] types(DType... in) {
    Op.super.types(in);
    return new DType[] {DType.F32, DType.I32};
  }

  @Override
  public void forward(Tensor[] in, Tensor[] out, Tensor[] saved) {
    int n = in[0].dim(-1);
    if (out[0].size() == 0) {
      return;
    }
    long rows = in[0].size() / n;
    if (k == n) {
      Sorting.sort(out[0].address(), out[1].address(), in[0].address(), rows, n, descending);
    } else {
      Sorting.top(out[0].address(), out[1].address(), in[0].address(), rows, n, k, descending);
    }
  }

  @Override
  public void backward(
      Tensor[] in, Tensor[] out, Tensor[] saved, @Nullable Tensor[] gOut, GradientSink gIn) {
    Tensor g = gOut[0];
    if (g == null) {
      return;
    }
    int n = in[0].dim(-1);
    boolean add = gIn.accumulate(0);
    Gather.scatterAdd(
        gIn.target(0).address(),
        g.address(),
        out[1].address(),
        n == 0 ? 0 : in[0].size() / n,
        n,
        k,
        1,
        add);
  }
}
