package dev.harpia.models.cnn;

import dev.harpia.nn.Activation;
import dev.harpia.nn.AdaptiveAvgPool2d;
import dev.harpia.nn.BatchNorm2d;
import dev.harpia.nn.Conv2d;
import dev.harpia.nn.Dropout;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Linear;
import dev.harpia.nn.MaxPool2d;
import dev.harpia.nn.Sequential;
import dev.harpia.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Networks of 3×3 convolutions, more and more channels, halved after each stage (Simonyan,
 * Zisserman 2014). The published ones have PyTorch's names of parameters.
 *
 * <p>Shapes: x [N, C, H, W] with H and W at least 2^stages, logits [N, classes].
 */
public final class Vgg extends FeatureNet {
  private final Sequential features;
  private final Layer avgpool;
  private final Sequential classifier;

  private Vgg(Sequential features, Layer avgpool, Sequential classifier) {
    this.features = layer("features", features);
    this.avgpool = layer("avgpool", avgpool);
    this.classifier = layer("classifier", classifier);
  }

  /** VGG-11 for pictures of 224 × 224 and 1000 classes: 132,863,336 parameters. */
  public static Vgg vgg11() {
    return published(1, 1, 2, 2, 2);
  }

  /** VGG-16 for pictures of 224 × 224 and 1000 classes: 138,357,544 parameters. */
  public static Vgg vgg16() {
    return published(2, 2, 3, 3, 3);
  }

  private static Vgg published(int... depths) {
    int[] widths = {64, 128, 256, 512, 512};
    return new Vgg(
        stages(3, widths, depths, false),
        new AdaptiveAvgPool2d(7),
        new Sequential(
            new Linear(512 * 7 * 7, 4096),
            Activation.relu(),
            new Dropout(0.5f),
            new Linear(4096, 4096),
            Activation.relu(),
            new Dropout(0.5f),
            new Linear(4096, 1000)));
  }

  /**
   * A small one for small pictures: two convolutions with batch normalisation in each of three
   * stages, dropout, one linear layer over the mean of each map's quarters.
   *
   * @param channels of the pictures
   * @param width channels of the first stage; the next have twice and four times as many
   */
  public static Vgg small(int channels, int width, int classes) {
    if (channels < 1 || width < 1 || classes < 1) {
      throw new IllegalArgumentException(
          "vgg: %d channels, width %d, %d classes: must be positive"
              .formatted(channels, width, classes));
    }
    int[] widths = {width, 2 * width, 4 * width};
    return new Vgg(
        stages(channels, widths, new int[] {2, 2, 2}, true),
        new AdaptiveAvgPool2d(2),
        new Sequential(new Dropout(0.3f), new Linear(16 * width, classes)));
  }

  private static Sequential stages(int channels, int[] widths, int[] depths, boolean norm) {
    List<Layer> chain = new ArrayList<>();
    int in = channels;
    for (int stage = 0; stage < widths.length; stage++) {
      for (int i = 0; i < depths[stage]; i++) {
        int out = widths[stage];
        if (norm) {
          chain.add(Convolutions.plain(in, out, 3, 1));
          chain.add(new BatchNorm2d(out));
        } else {
          chain.add(new Conv2d(in, out, 3, 1, 1));
        }
        chain.add(Activation.relu());
        in = out;
      }
      chain.add(new MaxPool2d(2));
    }
    return new Sequential(chain.toArray(Layer[]::new));
  }

  @Override
  public Tensor features(Tensor x) {
    return features.forward(x);
  }

  @Override
  public Tensor head(Tensor maps) {
    return classifier.forward(avgpool.forward(maps).flatten(1));
  }
}
