package dev.harpia.tensor.op;

import dev.harpia.tensor.DType;
import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;

/**
 * Elements of an axis by integer indices.
 *
 * <p>Whole slices: x [outer.., V, inner..] and index [K..] to [outer.., K.., inner..]: embeddings,
 * index-select. Elementwise: index has x's rank, and each of its positions takes the element of x
 * at that position but for the axis.
 */
public record Gather(int axis, boolean elementwise) implements SingleOutput {
  @Override
  public String name() {
    return elementwise ? "gather" : axis == 0 ? "embedding" : "indexSelect";
  }

  @Override
  public Shape shape(Shape... in) {
    Shape x = in[0];
    int a = x.axis(axis);
    if (elementwise) {
      if (in[1].rank() != x.rank() || !in[1].with(a, 0).equals(x.with(a, 0))) {
        throw new ShapeException(
            name(), "index and operand must have equal dimensions except along axis " + axis, in);
      }
      return in[1];
    }
    Shape s = x.without(a);
    for (int i = 0; i < in[1].rank(); i++) {
      s = s.insert(a + i, in[1].dim(i));
    }
    return s;
  }

  @Override
  public DType[] types(DType... in) {
    if (in[0] != DType.F32 || in[1] != DType.I32) {
      throw new IllegalArgumentException(
          name() + ": operands are " + in[0] + " and " + in[1] + "; they must be F32 and I32");
    }
    return new DType[] {DType.F32};
  }

  @Override
  public void forward(Tensor[] in, Tensor out, Tensor[] saved) {
    run(Axes.of(in[0].shape(), axis), in, out);
  }

  @Override
  public Runnable bind(Tensor[] in, Tensor[] out) {
    Axes a = Axes.of(in[0].shape(), axis);
    return () -> run(a, in, out[0]);
  }

  private void run(Axes a, Tensor[] in, Tensor out) {
    requireIndices(name(), in[1], in[0].shape(), axis);
    if (elementwise) {
      dev.harpia.simd.Gather.take(
          out.address(),
          in[0].address(),
          in[1].address(),
          a.outer(),
          a.axis(),
          in[1].dim(axis),
          a.inner(),
          false);
    } else {
      dev.harpia.simd.Gather.select(
          out.address(),
          in[0].address(),
          in[1].address(),
          a.outer(),
          a.axis(),
          in[1].size(),
          a.inner(),
          false);
    }
  }

  @Override
  public void backward(Tensor[] in, Tensor out, Tensor[] saved, Tensor g, GradientSink gIn) {
    if (!gIn.wanted(0)) {
      return;
    }
    Axes a = Axes.of(in[0].shape(), axis);
    boolean add = gIn.accumulate(0);
    long t = gIn.target(0).address();
    if (elementwise) {
      dev.harpia.simd.Gather.scatterAdd(
          t, g.address(), in[1].address(), a.outer(), a.axis(), in[1].dim(axis), a.inner(), add);
    } else {
      dev.harpia.simd.Gather.indexAdd(
          t, g.address(), in[1].address(), a.outer(), a.axis(), in[1].size(), a.inner(), add);
    }
  }

  /** Throws where an index is not one of an axis. */
  static void requireIndices(String name, Tensor index, Shape x, int axis) {
    long bad = dev.harpia.simd.Gather.firstBad(index.address(), index.size(), x.dim(axis));
    if (bad >= 0) {
      throw new IndexOutOfBoundsException(
          name
              + ": index "
              + index.reshape(-1).getInt((int) bad)
              + " at position "
              + bad
              + " of "
              + index.shape()
              + ": axis "
              + axis
              + " of "
              + x
              + " has indices 0 to "
              + (x.dim(axis) - 1));
    }
  }
}
