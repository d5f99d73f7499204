package dev.harpia.nn.plan;

import dev.harpia.simd.ConvForward;
import dev.harpia.simd.ConvShape;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Conv;

/**
 * A convolution with packed weights, with an activation and a max pool of 2×2 pixels where they
 * follow. Inputs: x, packed weights and, if any, the bias.
 */
record PackedConv(Conv conv, Shape weight, boolean bias, boolean relu, boolean pool)
    implements InferenceOp {
  PackedConv withRelu() {
    return new PackedConv(conv, weight, bias, true, pool);
  }

  PackedConv withPool() {
    return new PackedConv(conv, weight, bias, relu, true);
  }

  /** Whether a pool can be part of it. */
  boolean pools(Shape x) {
    return !pool && ConvForward.pools(conv.geometry(x, weight));
  }

  @Override
  public String name() {
    return "conv2d" + (relu ? "+relu" : "") + (pool ? "+maxPool2d" : "");
  }

  @Override
  public Shape shape(Shape... in) {
    Shape y = conv.shape(in[0], weight);
    return pool ? Shape.of(y.dim(0), y.dim(1), y.dim(2) / 2, y.dim(3) / 2) : y;
  }

  @Override
  public void forward(Tensor[] in, Tensor out, Tensor[] saved) {
    run(conv.geometry(in[0].shape(), weight), in, out);
  }

  @Override
  public Runnable bind(Tensor[] in, Tensor[] out) {
    ConvShape s = conv.geometry(in[0].shape(), weight);
    return () -> run(s, in, out[0]);
  }

  private void run(ConvShape s, Tensor[] in, Tensor out) {
    long x = in[0].address();
    long packed = in[1].address();
    long b = bias ? in[2].address() : 0;
    if (pool) {
      ConvForward.runPooled(s, x, packed, b, relu, out.address());
    } else {
      ConvForward.runPacked(s, x, packed, b, relu, false, out.address());
    }
  }
}
