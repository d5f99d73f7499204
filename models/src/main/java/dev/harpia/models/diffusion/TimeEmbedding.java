package dev.harpia.models.diffusion;

import dev.harpia.nn.Activation;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Linear;
import dev.harpia.nn.Sequential;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;

/**
 * Steps as vectors: sines and cosines of t at frequencies from 1 down to 1/10000 (Vaswani et al.
 * 2017), and two linear layers. Shapes: t [N] to [N, width].
 */
final class TimeEmbedding extends Layer {
  private static final int WAVES = 16;

  private final Sequential network;

  TimeEmbedding(int width) {
    network =
        layer(
            "network",
            new Sequential(
                new Linear(2 * WAVES, width), Activation.silu(), new Linear(width, width)));
  }

  /** Embeds steps. */
  Tensor of(int... t) {
    float[] waves = new float[t.length * 2 * WAVES];
    for (int i = 0; i < t.length; i++) {
      for (int k = 0; k < WAVES; k++) {
        double angle = t[i] * Math.pow(10_000, -(double) k / WAVES);
        waves[2 * WAVES * i + k] = (float) StrictMath.sin(angle);
        waves[2 * WAVES * i + WAVES + k] = (float) StrictMath.cos(angle);
      }
    }
    return forward(Tensor.of(waves, Shape.of(t.length, 2 * WAVES)));
  }

  @Override
  public Tensor forward(Tensor waves) {
    return network.forward(waves);
  }
}
