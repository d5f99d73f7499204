package dev.harpia.models.generative;

import dev.harpia.nn.Layer;
import dev.harpia.tensor.Tensor;

/** Vectors as pictures. Shapes: [N, C·H·W] to [N, C, H, W]. */
public final class Unflatten extends Layer {
  private final int channels;
  private final int height;
  private final int width;

  /** To pictures of this form. */
  public Unflatten(int channels, int height, int width) {
    this.channels = channels;
    this.height = height;
    this.width = width;
  }

  @Override
  public Tensor forward(Tensor x) {
    return x.reshape(x.dim(0), channels, height, width);
  }

  @Override
  protected String arguments() {
    return channels + ", " + height + ", " + width;
  }
}
