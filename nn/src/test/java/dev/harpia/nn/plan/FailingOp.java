package dev.harpia.nn.plan;

import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.SingleOutput;
import java.util.concurrent.atomic.AtomicBoolean;

/** Copies its input, or fails when told to. */
final class FailingOp implements SingleOutput {
  final AtomicBoolean fail = new AtomicBoolean();

  @Override
  public String name() {
    return "failing";
  }

  @Override
  public Shape shape(Shape... in) {
    return in[0];
  }

  @Override
  public void forward(Tensor[] in, Tensor out, Tensor[] saved) {
    if (fail.get()) {
      throw new IllegalArgumentException("on purpose");
    }
    out.copyFrom(in[0]);
  }

  @Override
  public void backward(Tensor[] in, Tensor out, Tensor[] saved, Tensor g, GradientSink gIn) {}
}
