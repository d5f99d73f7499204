package dev.harpia.tensor.op;

import dev.harpia.simd.Copies;
import dev.harpia.simd.Elementwise;
import dev.harpia.simd.Reductions;
import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;

/** {@code log Σ eˣ} over an axis, which disappears; safe from overflow. */
public record LogSumExp(int axis) implements SingleOutput {
  @Override
  public Shape shape(Shape... in) {
    return in[0].without(axis);
  }

  @Override
  public void forward(Tensor[] in, Tensor out, Tensor[] saved) {
    bind(in, new Tensor[] {out}).run();
  }

  @Override
  public Runnable bind(Tensor[] in, Tensor[] out) {
    Axes a = Axes.of(in[0].shape(), axis);
    return () ->
        Reductions.logSumExp(out[0].address(), in[0].address(), a.outer(), a.axis(), a.inner());
  }

  @Override
  public void backward(Tensor[] in, Tensor out, Tensor[] saved, Tensor g, GradientSink gIn) {
    Axes a = Axes.of(in[0].shape(), axis);
    boolean add = gIn.accumulate(0);
    Tensor t = gIn.target(0);
    Tensor p = gIn.temporary(in[0].shape());
    dev.harpia.simd.Softmax.forward(p.address(), in[0].address(), a.outer(), a.axis(), a.inner());
    Tensor wide = gIn.temporary(in[0].shape());
    Copies.expand(wide.address(), g.address(), a.outer(), a.axis(), a.inner(), 1, false);
    var mul = Binary.MUL.formula().kernel();
    Elementwise.binary(
        add ? mul.accumulating() : mul,
        t.address(),
        p.address(),
        wide.address(),
        t.size(),
        t.writablePadding());
  }
}
