package dev.harpia.nn.plan;

import dev.harpia.simd.ConvForward;
import dev.harpia.simd.ConvShape;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Conv;

/**
 * A convolution with packed weights, with an activation where one follows. Inputs: x, packed
 * weights and, if any, the bias.
 */
record PackedConv(Conv conv, Shape weight, boolean bias, boolean relu, boolean add)
    implements InferenceOp {
  PackedConv withRelu() {
    return new PackedConv(conv, weight, bias, true, add);
  }

  @Override
  public String name() {
    return relu ? "conv2d+relu" : "conv2d";
  }

  @Override
  public Shape shape(Shape... in) {
    return conv.shape(in[0], weight);
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
    ConvForward.runPacked(
        s,
        in[0].address(),
        in[1].address(),
        bias ? in[2].address() : 0,
        relu,
        false,
        out.address());
  }
}
