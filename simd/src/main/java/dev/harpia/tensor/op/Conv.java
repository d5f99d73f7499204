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
 * Convolution (cross-correlation) over two dimensions, {@code y[n,o,i,j] = b[o] + Σ
 * x[n,c,i·sh+k·dh−ph,j·sw+l·dw−pw]·W[o,c,k,l]}.
 *
 * <p>Shapes: x [N, C, H, W], W [O, C/groups, K, L], b [O] (may be left out), y [N, O, H', W'] with
 * H' = ⌊(H + 2·ph − dh·(K−1) − 1)/sh⌋ + 1.
 */
public record Conv(Window window, int groups) implements SingleOutput {
  @Override
  public String name() {
    return "conv2d";
  }

  /** The sizes of the convolution of an input with a weight. */
  public ConvShape geometry(Shape x, Shape w) {
    Window v = window;
    return new ConvShape(
        x.dim(0), x.dim(1), x.dim(2), x.dim(3), w.dim(0), w.dim(2), w.dim(3), v.sh(), v.sw(),
        v.ph(), v.pw(), v.dh(), v.dw(), groups);
  }

  @Override
  public Shape shape(Shape... in) {
    Shape x = in[0];
    Shape w = in[1];
    if (x.rank() != 4 || w.rank() != 4) {
      throw new ShapeException(
          name(), "input [N, C, H, W] and weight [O, C/groups, K, L] must have rank 4", in);
    }
    if (groups < 1 || x.dim(1) != w.dim(1) * groups || w.dim(0) % groups != 0) {
      throw new ShapeException(
          name(),
          "the input has "
              + x.dim(1)
              + " channels, the weight takes "
              + w.dim(1)
              + " in each of "
              + groups
              + " groups; their product must be equal, and groups must divide "
              + w.dim(0),
          in);
    }
    if (in.length > 2 && !in[2].equals(Shape.of(w.dim(0)))) {
      throw new ShapeException(name(), "the bias must be [" + w.dim(0) + "]", in);
    }
    int rows = x.dim(2) + 2 * window.ph() - window.dh() * (w.dim(2) - 1);
    int columns = x.dim(3) + 2 * window.pw() - window.dw() * (w.dim(3) - 1);
    if (rows < 1 || columns < 1) {
      throw new ShapeException(
          name(),
          "the padded input is smaller than the dilated kernel (padding "
              + window.ph()
              + ", "
              + window.pw()
              + ")",
          in);
    }
    ConvShape s = geometry(x, w);
    return Shape.of(x.dim(0), w.dim(0), s.oh(), s.ow());
  }

  @Override
  public void forward(Tensor[] in, Tensor out, Tensor[] saved) {
    run(geometry(in[0].shape(), in[1].shape()), in, out);
  }

  @Override
  public Runnable bind(Tensor[] in, Tensor[] out) {
    ConvShape s = geometry(in[0].shape(), in[1].shape());
    return () -> run(s, in, out[0]);
  }

  private static void run(ConvShape s, Tensor[] in, Tensor out) {
    long bias = in.length > 2 ? in[2].address() : 0;
    ConvForward.run(s, in[0].address(), in[1].address(), bias, false, false, out.address());
  }

  @Override
  public void backward(Tensor[] in, Tensor out, Tensor[] saved, Tensor g, GradientSink gIn) {
    ConvShape s = geometry(in[0].shape(), in[1].shape());
    if (gIn.wanted(0)) {
      boolean add = gIn.accumulate(0);
      ConvBackwardData.run(s, g.address(), in[1].address(), gIn.target(0).address(), add);
    }
    if (gIn.wanted(1)) {
      boolean add = gIn.accumulate(1);
      ConvBackwardWeight.run(s, in[0].address(), g.address(), gIn.target(1).address(), add);
    }
    if (in.length > 2 && gIn.wanted(2)) {
      boolean add = gIn.accumulate(2);
      ConvBackwardWeight.bias(s, g.address(), gIn.target(2).address(), add);
    }
  }
}
