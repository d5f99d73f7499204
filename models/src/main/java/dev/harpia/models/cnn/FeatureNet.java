package dev.harpia.models.cnn;

import dev.harpia.nn.Layer;
import dev.harpia.tensor.Tensor;

/**
 * A classifier in two parts: maps of features, and what follows from them. Heat maps look in
 * between.
 */
public abstract class FeatureNet extends Layer {
  /** A network without parts yet. */
  protected FeatureNet() {}

  /** The last maps of features: x [N, C, H, W] to [N, K, H', W']. */
  public abstract Tensor features(Tensor x);

  /** What follows from them: [N, K, H', W'] to logits [N, classes]. */
  public abstract Tensor head(Tensor features);

  @Override
  public final Tensor forward(Tensor x) {
    return head(features(x));
  }
}
