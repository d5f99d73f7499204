package dev.harpia.tensor.op;

import dev.harpia.tensor.DType;
import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;

/**
 * Sums or means of the rows of a table that bags of indices name: bag b has the indices from {@code
 * offsets[b]} up to {@code offsets[b + 1]}, the last one up to the end. An empty bag gives zeros.
 *
 * <p>Shapes: table [V, D], indices [K] and offsets [B] (I32), y [B, D].
 */
public record EmbeddingBag(boolean mean) implements SingleOutput {
  @Override
  public Shape shape(Shape... in) {
    if (in[0].rank() != 2 || in[1].rank() != 1 || in[2].rank() != 1) {
      throw new ShapeException(
          name(), "table, indices and offsets must be [V, D], [K] and [B]", in);
    }
    return Shape.of(in[2].dim(0), in[0].dim(1));
  }

  @Override
  public DType[] types(DType... in) {
    if (in[0] != DType.F32 || in[1] != DType.I32 || in[2] != DType.I32) {
      throw new IllegalArgumentException(
          name()
              + ": operands are "
              + in[0]
              + ", "
              + in[1]
              + " and "
              + in[2]
              + "; they must be F32, I32 and I32");
    }
    return new DType[] {DType.F32};
  }

  private void check(Tensor[] in) {
    Gather.requireIndices(name(), in[1], in[0].shape(), 0);
    int previous = 0;
    for (int b = 0; b < in[2].dim(0); b++) {
      int offset = dev.harpia.simd.Vectors.getInt(in[2].address() + 4L * b);
      if (offset < previous || offset > in[1].dim(0) || (b == 0 && offset != 0)) {
        throw new IndexOutOfBoundsException(
            name()
                + ": offset "
                + offset
                + " of bag "
                + b
                + ": offsets begin with 0, do not fall, and end at most at "
                + in[1].dim(0));
      }
      previous = offset;
    }
  }

  @Override
  public void forward(Tensor[] in, Tensor out, Tensor[] saved) {
    check(in);
    dev.harpia.simd.EmbeddingBag.forward(
        out.address(),
        in[0].address(),
        in[1].address(),
        in[2].address(),
        in[1].size(),
        in[2].size(),
        in[0].dim(1),
        mean);
  }

  @Override
  public void backward(Tensor[] in, Tensor out, Tensor[] saved, Tensor g, GradientSink gIn) {
    boolean add = gIn.accumulate(0);
    dev.harpia.simd.EmbeddingBag.backward(
        gIn.target(0).address(),
        g.address(),
        in[1].address(),
        in[2].address(),
        in[1].size(),
        in[2].size(),
        in[0].dim(0),
        in[0].dim(1),
        mean,
        add);
  }
}
