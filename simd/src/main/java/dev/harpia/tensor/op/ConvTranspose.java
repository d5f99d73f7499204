package dev.harpia.tensor.op;

import dev.harpia.simd.ConvBackwardData;
import dev.harpia.simd.ConvBackwardWeight;
import dev.harpia.simd.ConvForward;
import dev.harpia.simd.ConvShape;
import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;

/**
 * Transposed convolution over two dimensions: the gradient of a {@link Conv} with respect to its
 * input, as a layer.
 *
 * <p>Shapes: x [N, C, H, W], W [C, O/groups, K, L], b [O] (may be left out), y [N, O, H', W'] with
 * H' = (H−1)·sh − 2·ph + dh·(K−1) + outputPadding + 1.
 */
public record ConvTranspose(Window window, int outputPaddingH, int outputPaddingW, int groups)
    implements SingleOutput {
  @Override
  public String name() {
    return "convTranspose2d";
  }

  /** The convolution that goes from y to x. */
  private ConvShape geometry(Shape x, Shape w, int rows, int columns) {
    Window v = window;
    return new ConvShape(
        x.dim(0),
        w.dim(1) * groups,
        rows,
        columns,
        x.dim(1),
        w.dim(2),
        w.dim(3),
        v.sh(),
        v.sw(),
        v.ph(),
        v.pw(),
        v.dh(),
        v.dw(),
        groups);
  }

  @Override
  public Shape shape(Shape... in) {
    Shape x = in[0];
    Shape w = in[1];
    if (x.rank() != 4 || w.rank() != 4) {
      throw new ShapeException(
          name(), "input [N, C, H, W] and weight [C, O/groups, K, L] must have rank 4", in);
    }
    if (x.dim(1) != w.dim(0) || groups < 1 || x.dim(1) % groups != 0) {
      throw new ShapeException(
          name(),
          "the input has "
              + x.dim(1)
              + " channels and the weight "
              + w.dim(0)
              + "; they must be equal and fall into "
              + groups
              + " groups",
          in);
    }
    int channels = w.dim(1) * groups;
    if (in.length > 2 && !in[2].equals(Shape.of(channels))) {
      throw new ShapeException(name(), "the bias must be [" + channels + "]", in);
    }
    if (outputPaddingH >= Math.max(window.sh(), window.dh())
        || outputPaddingW >= Math.max(window.sw(), window.dw())) {
      throw new ShapeException(
          name(),
          "output padding "
              + outputPaddingH
              + ", "
              + outputPaddingW
              + " must be smaller than the stride or the dilation",
          in);
    }
    int rows =
        (x.dim(2) - 1) * window.sh()
            - 2 * window.ph()
            + window.dh() * (w.dim(2) - 1)
            + outputPaddingH
            + 1;
    int columns =
        (x.dim(3) - 1) * window.sw()
            - 2 * window.pw()
            + window.dw() * (w.dim(3) - 1)
            + outputPaddingW
            + 1;
    if (rows < 1 || columns < 1) {
      throw new ShapeException(name(), "the output would be " + rows + "×" + columns, in);
    }
    return Shape.of(x.dim(0), channels, rows, columns);
  }

  @Override
  public void forward(Tensor[] in, Tensor out, Tensor[] saved) {
    run(geometry(in[0].shape(), in[1].shape(), out.dim(2), out.dim(3)), in, out);
  }

  @Override
  public Runnable bind(Tensor[] in, Tensor[] out) {
    ConvShape s = geometry(in[0].shape(), in[1].shape(), out[0].dim(2), out[0].dim(3));
    return () -> run(s, in, out[0]);
  }

  private static void run(ConvShape s, Tensor[] in, Tensor out) {
    long bias = in.length > 2 ? in[2].address() : 0;
    ConvBackwardData.run(s, in[0].address(), in[1].address(), bias, false, false, out.address());
  }

  @Override
  public void backward(Tensor[] in, Tensor out, Tensor[] saved, Tensor g, GradientSink gIn) {
    ConvShape s = geometry(in[0].shape(), in[1].shape(), out.dim(2), out.dim(3));
    if (gIn.wanted(0)) {
      boolean add = gIn.accumulate(0);
      ConvForward.run(s, g.address(), in[1].address(), 0, false, add, gIn.target(0).address());
    }
    if (gIn.wanted(1)) {
      boolean add = gIn.accumulate(1);
      ConvBackwardWeight.run(s, g.address(), in[0].address(), gIn.target(1).address(), add);
    }
    if (in.length > 2 && gIn.wanted(2)) {
      boolean add = gIn.accumulate(2);
      ConvBackwardWeight.bias(
          out.dim(0),
          out.dim(1),
          (long) out.dim(2) * out.dim(3),
          g.address(),
          gIn.target(2).address(),
          add);
    }
  }
}
