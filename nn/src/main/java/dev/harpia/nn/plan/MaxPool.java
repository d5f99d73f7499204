package dev.harpia.nn.plan;

import dev.harpia.simd.PoolWindows;
import dev.harpia.simd.Pooling;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Pool;
import dev.harpia.tensor.op.Window;

/** A max pool whose places nobody asks for. */
record MaxPool(Pool pool) implements InferenceOp {
  @Override
  public String name() {
    return pool.name();
  }

  @Override
  public Shape shape(Shape... in) {
    return pool.shapes(in)[0];
  }

  private PoolWindows over(Tensor x) {
    Shape s = x.shape();
    return pool.windows().over(s.dim(0) * s.dim(1), s.dim(2), s.dim(3));
  }

  @Override
  public void forward(Tensor[] in, Tensor out, Tensor[] saved) {
    Pooling.max(over(in[0]), in[0].address(), out.address());
  }

  @Override
  public Runnable bind(Tensor[] in, Tensor[] out) {
    PoolWindows windows = over(in[0]);
    return () -> Pooling.max(windows, in[0].address(), out[0].address());
  }

  /** Whether windows are 2×2, side by side, without padding. */
  boolean pairs() {
    return pool.windows() instanceof Pool.Fixed f
        && f.kh() == 2
        && f.kw() == 2
        && !f.ceil()
        && f.window().equals(Window.of(2, 0));
  }
}
