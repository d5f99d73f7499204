package dev.harpia.nn;

import dev.harpia.tensor.Tensor;
import java.util.List;

/** Layers one after the other, named 0, 1, 2, … in checkpoints. */
public final class Sequential extends Layer {
  private final List<Layer> chain;

  /** The layers in order. */
  public Sequential(Layer... layers) {
    chain = List.of(layers);
    for (int i = 0; i < layers.length; i++) {
      layer(Integer.toString(i), layers[i]);
    }
  }

  /** Layer {@code i}. */
  public Layer get(int i) {
    return chain.get(i);
  }

  /** How many layers it has. */
  public int size() {
    return chain.size();
  }

  @Override
  public Tensor forward(Tensor x) {
    Tensor y = x;
    for (Layer l : chain) {
      y = l.forward(y);
      Summary.observe(l, y);
    }
    return y;
  }
}
