package dev.harpia.tensor.op;

import dev.harpia.simd.Scratch;
import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;

/**
 * Normalises the last elements of a tensor to mean 0 and variance 1 (Ba et al. 2016), or, as
 * RMSNorm (Zhang, Sennrich 2019), to mean square 1: {@code y = (x − μ)/√(σ² + ε)·w + b}, or {@code
 * x/√(mean x² + ε)·w}.
 *
 * <p>Shapes: x [.., D], w [D] and b [D], which may be left out from the end; D is the product of
 * the normalised dimensions.
 */
public record LayerNorm(int size, float epsilon, boolean rms) implements SingleOutput {
  @Override
  public String name() {
    return rms ? "rmsNorm" : "layerNorm";
  }

  @Override
  public Shape shape(Shape... in) {
    if (size < 1 || in[0].size() % size != 0) {
      throw new ShapeException(
          name(), in[0].size() + " elements do not fall into rows of " + size, in[0]);
    }
    for (int i = 1; i < in.length; i++) {
      if (in[i].size() != size) {
        throw new ShapeException(name(), "weight and bias must have " + size + " elements", in);
      }
    }
    return in[0];
  }

  @Override
  public Shape[] saved(Shape... in) {
    int rows = Math.toIntExact(in[0].size() / size);
    return new Shape[] {Shape.of(rows), Shape.of(rows)};
  }

  @Override
  public void forward(Tensor[] in, Tensor out, Tensor[] saved) {
    long rows = in[0].size() / size;
    long weight = in.length > 1 ? in[1].address() : 0;
    long bias = in.length > 2 ? in[2].address() : 0;
    Scratch scratch = Scratch.acquire(8 * rows);
    try {
      long mean = saved.length > 0 ? saved[0].address() : scratch.address();
      long rstd = saved.length > 0 ? saved[1].address() : scratch.address() + 4 * rows;
      if (rms) {
        dev.harpia.simd.LayerNorm.rmsForward(
            out.address(), rstd, in[0].address(), weight, rows, size, epsilon);
      } else {
        dev.harpia.simd.LayerNorm.forward(
            out.address(), mean, rstd, in[0].address(), weight, bias, rows, size, epsilon);
      }
    } finally {
      scratch.release();
    }
  }

  @Override
  public void backward(Tensor[] in, Tensor out, Tensor[] saved, Tensor g, GradientSink gIn) {
    long rows = in[0].size() / size;
    long weight = in.length > 1 ? in[1].address() : 0;
    long mean = rms ? 0 : saved[0].address();
    long rstd = saved[1].address();
    if (gIn.wanted(0)) {
      boolean add = gIn.accumulate(0);
      long t = gIn.target(0).address();
      if (rms) {
        dev.harpia.simd.LayerNorm.rmsBackward(
            t, g.address(), in[0].address(), rstd, weight, rows, size, add);
      } else {
        dev.harpia.simd.LayerNorm.backward(
            t, g.address(), in[0].address(), mean, rstd, weight, rows, size, add);
      }
    }
    if (in.length > 1 && gIn.wanted(1)) {
      boolean add = gIn.accumulate(1);
      dev.harpia.simd.LayerNorm.weightGradient(
          gIn.target(1).address(), g.address(), in[0].address(), mean, rstd, rows, size, add);
    }
    if (in.length > 2 && gIn.wanted(2)) {
      boolean add = gIn.accumulate(2);
      dev.harpia.simd.LayerNorm.biasGradient(gIn.target(2).address(), g.address(), rows, size, add);
    }
  }
}
