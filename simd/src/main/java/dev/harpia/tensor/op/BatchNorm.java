package dev.harpia.tensor.op;

import dev.harpia.simd.Scratch;
import dev.harpia.simd.Vectors;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Op;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Batch normalisation (Ioffe, Szegedy 2015) of [N, C, ..]: {@code y = (x − μ)/√(σ² + ε)·w + b} for
 * each channel.
 *
 * <p>Inputs: x; w and b [C] where {@code affine}; μ and σ² [C] where {@code given}, else they are
 * computed over the batch and gradients flow through them. Outputs: y, and the mean and the
 * variance (divided by n) that were used, which are constants.
 */
public record BatchNorm(float epsilon, boolean affine, boolean given) implements Op {
  @Override
  public Shape[] shapes(Shape... in) {
    Shape x = in[0];
    if (x.rank() < 2) {
      throw new ShapeException(name(), "the input must be [N, C, ..]", in);
    }
    Shape channels = Shape.of(x.dim(1));
    for (int i = 1; i < in.length; i++) {
      if (!in[i].equals(channels)) {
        throw new ShapeException(
            name(), "weight, bias and statistics must be [" + x.dim(1) + "]", in);
      }
    }
    if (!given && x.size() > 0 && x.size() == x.dim(1)) {
      throw new ShapeException(
          name(), "one value per channel has no variance; use a larger batch, or eval()", in);
    }
    return new Shape[] {x, channels, channels};
  }

  @Override
  public DType[] types(DType... in) {
    Op.super.types(in);
    return new DType[] {DType.F32};
  }

  @Override
  public Shape[] saved(Shape... in) {
    return new Shape[] {Shape.of(in[0].dim(1))};
  }

  private static long plane(Shape x) {
    return x.size(2, x.rank());
  }

  private static long address(Tensor[] in, int i, boolean there) {
    return there ? in[i].address() : 0;
  }

  @Override
  public void forward(Tensor[] in, Tensor[] out, Tensor[] saved) {
    Tensor x = in[0];
    int c = x.dim(1);
    long mean = out[1].address();
    long variance = out[2].address();
    if (given) {
      Vectors.copy(in[affine ? 3 : 1].address(), mean, 4L * c);
      Vectors.copy(in[affine ? 4 : 2].address(), variance, 4L * c);
    } else {
      dev.harpia.simd.BatchNorm.statistics(
          mean, variance, x.address(), x.dim(0), c, plane(x.shape()));
    }
    Scratch scratch = Scratch.acquire(4L * c);
    long rstd = saved.length > 0 ? saved[0].address() : scratch.address();
    dev.harpia.simd.BatchNorm.rstd(rstd, variance, c, epsilon);
    dev.harpia.simd.BatchNorm.forward(
        out[0].address(),
        x.address(),
        mean,
        rstd,
        address(in, 1, affine),
        address(in, 2, affine),
        x.dim(0),
        c,
        plane(x.shape()));
    scratch.release();
  }

  @Override
  public void backward(
      Tensor[] in, Tensor[] out, Tensor[] saved, @Nullable Tensor[] gOut, GradientSink gIn) {
    Tensor g = gOut[0];
    Tensor x = in[0];
    if (g == null) {
      g = gIn.temporary(x.shape());
      Vectors.zero(g.address(), 4 * g.size());
    }
    boolean[] wanted = new boolean[3];
    boolean[] add = new boolean[3];
    long[] to = new long[3];
    for (int i = 0; i < (affine ? 3 : 1); i++) {
      wanted[i] = gIn.wanted(i);
      add[i] = Pass.adding(gIn, in, i);
      to[i] = wanted[i] ? gIn.target(i).address() : 0;
    }
    if (to[0] == 0) {
      // narrow planes are transposed into the input's gradient, so that it needs a place
      to[0] = gIn.temporary(x.shape()).address();
    }
    dev.harpia.simd.BatchNorm.backward(
        to[0],
        to[1],
        to[2],
        g.address(),
        x.address(),
        out[1].address(),
        saved[0].address(),
        address(in, 1, affine),
        !given,
        x.dim(0),
        x.dim(1),
        plane(x.shape()),
        add[0],
        add[1],
        add[2]);
    for (int i = affine ? 3 : 1; i < in.length; i++) {
      if (gIn.wanted(i)) {
        throw new IllegalStateException(
            "batchNorm: given statistics are constants and have no gradient; detach() them");
      }
    }
  }
}
