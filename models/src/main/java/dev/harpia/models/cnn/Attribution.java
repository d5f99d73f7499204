package dev.harpia.models.cnn;

import dev.harpia.nn.Layer;
import dev.harpia.tensor.Gradients;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;

/** Which part of a picture a class's logit hangs on. */
public final class Attribution {
  private Attribution() {}

  /**
   * Class-activation map by gradients (Selvaraju et al. 2017): {@code relu(Σₖ wₖ·Aₖ)} with A the
   * last maps of features and wₖ the mean over map k of ∂logit/∂Aₖ. Where the head is a mean and a
   * linear layer this is, up to a factor, the class-activation map of Zhou et al. 2016.
   *
   * @param x one picture [1, C, H, W]
   * @return [H'][W'] in the resolution of the maps
   */
  public static float[][] cam(FeatureNet net, Tensor x, int target) {
    one(x);
    boolean training = net.training();
    net.eval();
    try (var _ = Scope.open("cam")) {
      Tensor maps = net.features(x);
      Tensor logit = logit(net.head(maps), target);
      Tensor weights = Gradients.of(logit, maps).wrt(maps).mean(2, 3); // [1, K]
      Tensor sum = maps.mul(weights.reshape(1, maps.dim(1), 1, 1)).sum(1).relu();
      return rows(sum.toArray(), maps.dim(2), maps.dim(3));
    } finally {
      net.train(training);
    }
  }

  /**
   * Saliency (Simonyan et al. 2013): for each pixel the largest |∂logit/∂x| of its channels.
   *
   * @param x one picture [1, C, H, W]
   * @return [H][W]
   */
  public static float[][] saliency(Layer net, Tensor x, int target) {
    one(x);
    boolean training = net.training();
    net.eval();
    try (var _ = Scope.open("saliency")) {
      Tensor input = x.copy();
      Tensor slope = Gradients.of(logit(net.forward(input), target), input).wrt(input);
      return rows(slope.abs().max(1).toArray(), x.dim(2), x.dim(3));
    } finally {
      net.train(training);
    }
  }

  private static Tensor logit(Tensor logits, int target) {
    if (target < 0 || target >= logits.dim(1)) {
      throw new IllegalArgumentException(
          "attribution: class " + target + ": there are " + logits.dim(1));
    }
    return logits.slice(1, target, target + 1).sum();
  }

  private static void one(Tensor x) {
    Shape s = x.shape();
    if (s.rank() != 4 || s.dim(0) != 1) {
      throw new ShapeException("attribution", "must be one picture [1, C, H, W]", s);
    }
  }

  private static float[][] rows(float[] values, int height, int width) {
    float[][] rows = new float[height][width];
    for (int i = 0; i < height; i++) {
      System.arraycopy(values, i * width, rows[i], 0, width);
    }
    return rows;
  }
}
