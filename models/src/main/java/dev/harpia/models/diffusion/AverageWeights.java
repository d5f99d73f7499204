package dev.harpia.models.diffusion;

import dev.harpia.nn.Layer;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Tensor;
import java.util.Map;

/**
 * A running average of a model's weights in another of the same structure, {@code a ← d·a +
 * (1−d)·w}; in the first steps d is smaller, {@code (1 + k)/(10 + k)}, so that the start is soon
 * forgotten.
 */
final class AverageWeights {
  private final Map<String, Tensor> from;
  private final Map<String, Tensor> to;
  private final double decay;
  private long steps;

  AverageWeights(Layer model, Layer average, double decay) {
    average.copyFrom(model);
    from = model.state();
    to = average.state();
    this.decay = decay;
  }

  /** Takes the weights of another step in. */
  void update() {
    float d = (float) Math.min(decay, (1.0 + steps) / (10.0 + steps));
    steps++;
    try (var _ = Scope.inference()) {
      to.forEach((name, a) -> a.copyFrom(a.mul(d).add(from.getOrDefault(name, a).mul(1 - d))));
    }
  }
}
