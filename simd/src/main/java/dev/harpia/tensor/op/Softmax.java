package dev.harpia.tensor.op;

import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;

/**
 * {@code eˣⁱ / Σ eˣʲ} along an axis, or its logarithm; computed relative to the largest element.
 */
public record Softmax(int axis, boolean log) implements SingleOutput {
  @Override
  public String name() {
    return log ? "logSoftmax" : "softmax";
  }

  @Override
  public Shape shape(Shape... in) {
    in[0].axis(axis);
    return in[0];
  }

  @Override
  public boolean inPlace() {
    return true;
  }

  @Override
  public void forward(Tensor[] in, Tensor out, Tensor[] saved) {
    bind(in, new Tensor[] {out}).run();
  }

  @Override
  public Runnable bind(Tensor[] in, Tensor[] out) {
    Axes a = Axes.of(out[0].shape(), axis);
    if (log) {
      return () ->
          dev.harpia.simd.Softmax.logForward(
              out[0].address(), in[0].address(), a.outer(), a.axis(), a.inner());
    }
    return () ->
        dev.harpia.simd.Softmax.forward(
            out[0].address(), in[0].address(), a.outer(), a.axis(), a.inner());
  }

  @Override
  public void backward(Tensor[] in, Tensor out, Tensor[] saved, Tensor g, GradientSink gIn) {
    Axes a = Axes.of(out.shape(), axis);
    boolean add = gIn.accumulate(0);
    long t = gIn.target(0).address();
    if (log) {
      dev.harpia.simd.Softmax.logBackward(
          t, g.address(), out.address(), a.outer(), a.axis(), a.inner(), add);
    } else {
      dev.harpia.simd.Softmax.backward(
          t, g.address(), out.address(), a.outer(), a.axis(), a.inner(), add);
    }
  }
}
