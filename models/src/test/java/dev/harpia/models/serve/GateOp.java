package dev.harpia.models.serve;

import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.SingleOutput;
import java.util.concurrent.Semaphore;

/** Copies its input; when closed, waits until it is opened, or fails. */
final class GateOp implements SingleOutput {
  final Semaphore arrived = new Semaphore(0);
  final Semaphore go = new Semaphore(0);
  volatile boolean closed;
  volatile boolean fail;

  @Override
  public String name() {
    return "gate";
  }

  @Override
  public Shape shape(Shape... in) {
    return in[0];
  }

  @Override
  public void forward(Tensor[] in, Tensor out, Tensor[] saved) {
    if (fail) {
      throw new IllegalStateException("a secret");
    }
    if (closed) {
      arrived.release();
      go.acquireUninterruptibly();
    }
    out.copyFrom(in[0]);
  }

  @Override
  public void backward(Tensor[] in, Tensor out, Tensor[] saved, Tensor g, GradientSink gIn) {}
}
