package dev.harpia.nn.plan;

import dev.harpia.simd.InputGates;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;

/** The products of an embedding's rows [v, e] with a recurrent layer's input weights [g, e]. */
record PackGates() implements InferenceOp {
  @Override
  public Shape shape(Shape... in) {
    return Shape.of(in[0].dim(0), in[1].dim(0));
  }

  @Override
  public void forward(Tensor[] in, Tensor out, Tensor[] saved) {
    int v = in[0].dim(0);
    int e = in[0].dim(1);
    InputGates.run(in[0].address(), v, e, in[1].address(), in[1].dim(0), out.address());
  }
}
