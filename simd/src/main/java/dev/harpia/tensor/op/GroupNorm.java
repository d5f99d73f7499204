package dev.harpia.tensor.op;

import dev.harpia.simd.Scratch;
import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;

/**
 * Group normalisation (Wu, He 2018) of [N, C, ..]: {@code y = (x − μ)/√(σ² + ε)·w + b} with mean
 * and variance over each of G groups of channels; with G = C it is instance normalisation.
 *
 * <p>Inputs: x, and w and b [C], which may both be left out.
 */
public record GroupNorm(int groups, float epsilon) implements SingleOutput {
  @Override
  public Shape shape(Shape... in) {
    Shape x = in[0];
    if (x.rank() < 2 || groups < 1 || x.dim(1) % groups != 0) {
      throw new ShapeException(
          name(), "the input must be [N, C, ..] with C a multiple of " + groups + " groups", in);
    }
    for (int i = 1; i < in.length; i++) {
      if (!in[i].equals(Shape.of(x.dim(1)))) {
        throw new ShapeException(name(), "weight and bias must be [" + x.dim(1) + "]", in);
      }
    }
    return x;
  }

  @Override
  public Shape[] saved(Shape... in) {
    Shape s = Shape.of(in[0].dim(0), groups);
    return new Shape[] {s, s};
  }

  private static long plane(Shape x) {
    return x.size(2, x.rank());
  }

  @Override
  public void forward(Tensor[] in, Tensor out, Tensor[] saved) {
    Tensor x = in[0];
    long bytes = 4L * x.dim(0) * groups;
    Scratch scratch = Scratch.acquire(2 * bytes);
    long mean = saved.length > 0 ? saved[0].address() : scratch.address();
    long rstd = saved.length > 0 ? saved[1].address() : scratch.address() + bytes;
    dev.harpia.simd.GroupNorm.forward(
        out.address(),
        mean,
        rstd,
        x.address(),
        in.length > 1 ? in[1].address() : 0,
        in.length > 2 ? in[2].address() : 0,
        x.dim(0),
        x.dim(1),
        groups,
        plane(x.shape()),
        epsilon);
    scratch.release();
  }

  @Override
  public void backward(Tensor[] in, Tensor out, Tensor[] saved, Tensor g, GradientSink gIn) {
    Tensor x = in[0];
    boolean[] add = new boolean[3];
    long[] to = new long[3];
    for (int i = 0; i < in.length; i++) {
      if (gIn.wanted(i)) {
        add[i] = Pass.adding(gIn, in, i);
        to[i] = gIn.target(i).address();
      }
    }
    dev.harpia.simd.GroupNorm.backward(
        to[0],
        to[1],
        to[2],
        g.address(),
        x.address(),
        saved[0].address(),
        saved[1].address(),
        in.length > 1 ? in[1].address() : 0,
        x.dim(0),
        x.dim(1),
        groups,
        plane(x.shape()),
        add[0],
        add[1],
        add[2]);
  }
}
