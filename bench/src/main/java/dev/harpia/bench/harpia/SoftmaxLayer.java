package dev.harpia.bench.harpia;

import dev.harpia.nn.Layer;
import dev.harpia.tensor.Tensor;

/** Softmax over the last axis. */
final class SoftmaxLayer extends Layer {
  SoftmaxLayer() {}

  @Override
  public Tensor forward(Tensor x) {
    return x.softmax(-1);
  }
}
