package dev.harpia.models.cnn;

import dev.harpia.nn.Activation;
import dev.harpia.nn.BatchNorm2d;
import dev.harpia.nn.Conv2d;
import dev.harpia.nn.ConvTranspose2d;
import dev.harpia.nn.Layer;
import dev.harpia.nn.MaxPool2d;
import dev.harpia.nn.Sequential;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;

/**
 * A class for every pixel (Ronneberger et al. 2015): a way down that halves the picture and doubles
 * the channels, a way up that undoes both, and at each size a bridge from one to the other. Padded
 * and with batch normalisation, so that the answer is as large as the picture.
 *
 * <p>Shapes: x [N, C, H, W] with H and W multiples of 2^depth, logits [N, classes, H, W].
 */
public final class UNet extends Layer {
  private final int depth;
  private final Sequential first;
  private final Sequential[] down;
  private final ConvTranspose2d[] up;
  private final Sequential[] merge;
  private final MaxPool2d pool = new MaxPool2d(2);
  private final Conv2d out;

  /**
   * A network of a width and a depth; 64 and 4 are the paper's.
   *
   * @param width channels at the picture's own size
   * @param depth how often the picture is halved
   */
  public UNet(int channels, int classes, int width, int depth) {
    if (channels < 1 || classes < 1 || width < 1 || depth < 1 || depth > 8) {
      throw new IllegalArgumentException(
          "uNet: %d channels, %d classes, width %d, depth %d: must be positive, the depth at most 8"
              .formatted(channels, classes, width, depth));
    }
    this.depth = depth;
    first = layer("first", twice(channels, width));
    down = new Sequential[depth];
    up = new ConvTranspose2d[depth];
    merge = new Sequential[depth];
    for (int i = 0; i < depth; i++) {
      down[i] = layer("down" + (i + 1), twice(width << i, width << (i + 1)));
    }
    for (int i = depth - 1; i >= 0; i--) {
      up[i] = layer("up" + (i + 1), new ConvTranspose2d(width << (i + 1), width << i, 2, 2, 0, 0));
      merge[i] = layer("merge" + (i + 1), twice(width << (i + 1), width << i));
    }
    out = layer("out", new Conv2d(width, classes, 1));
  }

  private static Sequential twice(int in, int out) {
    return new Sequential(
        Convolutions.plain(in, out, 3, 1),
        new BatchNorm2d(out),
        Activation.relu(),
        Convolutions.plain(out, out, 3, 1),
        new BatchNorm2d(out),
        Activation.relu());
  }

  @Override
  public Tensor forward(Tensor x) {
    int unit = 1 << depth;
    if (x.rank() != 4 || x.dim(2) % unit != 0 || x.dim(3) % unit != 0) {
      throw new ShapeException(
          "uNet",
          "x must be [N, C, H, W] with H and W multiples of %d, for it is halved %d times"
              .formatted(unit, depth),
          x.shape());
    }
    Tensor[] bridges = new Tensor[depth];
    Tensor h = first.forward(x);
    for (int i = 0; i < depth; i++) {
      bridges[i] = h;
      h = down[i].forward(pool.forward(h));
    }
    for (int i = depth - 1; i >= 0; i--) {
      h = merge[i].forward(Tensor.concat(1, bridges[i], up[i].forward(h)));
    }
    return out.forward(h);
  }
}
