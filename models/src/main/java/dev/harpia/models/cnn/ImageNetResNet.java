package dev.harpia.models.cnn;

import dev.harpia.nn.BatchNorm2d;
import dev.harpia.nn.Conv2d;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Linear;
import dev.harpia.nn.MaxPool2d;
import dev.harpia.nn.Sequential;
import dev.harpia.tensor.Tensor;

/**
 * Residual network for large pictures (He et al. 2015, table 1): a 7×7 convolution and a pool that
 * make the picture four times smaller, four stages of residual blocks, the mean over all pixels,
 * and a linear layer. Shortcuts that change shape are 1×1 convolutions (option B); the stride of a
 * bottleneck is at its 3×3 convolution, as in PyTorch, whose names the parameters have.
 *
 * <p>Shapes: x [N, 3, H, W], usually 224 × 224; features [N, K, ⌈H/32⌉, ⌈W/32⌉]; logits [N,
 * classes].
 */
public final class ImageNetResNet extends FeatureNet {
  private static final int[] WIDTHS = {64, 128, 256, 512};

  private final Conv2d conv1 = layer("conv1", Convolutions.plain(3, 64, 7, 2));
  private final BatchNorm2d bn1 = layer("bn1", new BatchNorm2d(64));
  private final MaxPool2d maxpool = layer("maxpool", new MaxPool2d(3, 2, 1));
  private final Sequential[] stages = new Sequential[WIDTHS.length];
  private final Linear fc;

  private ImageNetResNet(boolean bottleneck, int classes, int... depths) {
    int in = 64;
    for (int s = 0; s < WIDTHS.length; s++) {
      Layer[] chain = new Layer[depths[s]];
      for (int i = 0; i < chain.length; i++) {
        int stride = i == 0 && s > 0 ? 2 : 1;
        chain[i] =
            bottleneck ? new Bottleneck(in, WIDTHS[s], stride) : new Basic(in, WIDTHS[s], stride);
        in = bottleneck ? 4 * WIDTHS[s] : WIDTHS[s];
      }
      stages[s] = layer("layer" + (s + 1), new Sequential(chain));
    }
    fc = layer("fc", new Linear(in, classes));
  }

  /** 18 layers; 11,689,512 parameters with 1000 classes. */
  public static ImageNetResNet resNet18(int classes) {
    return new ImageNetResNet(false, classes, 2, 2, 2, 2);
  }

  /** 34 layers; 21,797,672 parameters with 1000 classes. */
  public static ImageNetResNet resNet34(int classes) {
    return new ImageNetResNet(false, classes, 3, 4, 6, 3);
  }

  /** 50 layers in bottlenecks; 25,557,032 parameters with 1000 classes. */
  public static ImageNetResNet resNet50(int classes) {
    return new ImageNetResNet(true, classes, 3, 4, 6, 3);
  }

  @Override
  public Tensor features(Tensor x) {
    Tensor h = maxpool.forward(bn1.forward(conv1.forward(x)).relu());
    for (Sequential stage : stages) {
      h = stage.forward(h);
    }
    return h;
  }

  @Override
  public Tensor head(Tensor features) {
    return fc.forward(features.mean(2, 3));
  }

  /** A block's sum of two ways. */
  private abstract static class Block extends Layer {
    private final boolean projects;
    private final Sequential downsample;

    Block(int in, int out, int stride) {
      projects = stride != 1 || in != out;
      downsample =
          projects
              ? new Sequential(Convolutions.plain(in, out, 1, stride), new BatchNorm2d(out))
              : new Sequential();
    }

    /** PyTorch registers the shortcut after the layers of the other way. */
    final void registerShortcut() {
      if (projects) {
        layer("downsample", downsample);
      }
    }

    abstract Tensor way(Tensor x);

    @Override
    public final Tensor forward(Tensor x) {
      return way(x).add(projects ? downsample.forward(x) : x).relu();
    }
  }

  /** Two 3×3 convolutions. */
  private static final class Basic extends Block {
    private final Conv2d conv1;
    private final BatchNorm2d bn1;
    private final Conv2d conv2;
    private final BatchNorm2d bn2;

    Basic(int in, int width, int stride) {
      super(in, width, stride);
      conv1 = layer("conv1", Convolutions.plain(in, width, 3, stride));
      bn1 = layer("bn1", new BatchNorm2d(width));
      conv2 = layer("conv2", Convolutions.plain(width, width, 3, 1));
      bn2 = layer("bn2", new BatchNorm2d(width));
      registerShortcut();
    }

    @Override
    Tensor way(Tensor x) {
      return bn2.forward(conv2.forward(bn1.forward(conv1.forward(x)).relu()));
    }
  }

  /** 1×1 to fewer channels, 3×3, 1×1 to four times as many. */
  private static final class Bottleneck extends Block {
    private final Conv2d conv1;
    private final BatchNorm2d bn1;
    private final Conv2d conv2;
    private final BatchNorm2d bn2;
    private final Conv2d conv3;
    private final BatchNorm2d bn3;

    Bottleneck(int in, int width, int stride) {
      super(in, 4 * width, stride);
      conv1 = layer("conv1", Convolutions.plain(in, width, 1, 1));
      bn1 = layer("bn1", new BatchNorm2d(width));
      conv2 = layer("conv2", Convolutions.plain(width, width, 3, stride));
      bn2 = layer("bn2", new BatchNorm2d(width));
      conv3 = layer("conv3", Convolutions.plain(width, 4 * width, 1, 1));
      bn3 = layer("bn3", new BatchNorm2d(4 * width));
      registerShortcut();
    }

    @Override
    Tensor way(Tensor x) {
      Tensor h = bn1.forward(conv1.forward(x)).relu();
      h = bn2.forward(conv2.forward(h)).relu();
      return bn3.forward(conv3.forward(h));
    }
  }
}
