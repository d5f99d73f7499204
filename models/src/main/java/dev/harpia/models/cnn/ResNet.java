package dev.harpia.models.cnn;

import dev.harpia.nn.BatchNorm2d;
import dev.harpia.nn.Conv2d;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Linear;
import dev.harpia.nn.Sequential;
import dev.harpia.tensor.Tensor;

/**
 * Residual network for 32×32 pictures (He et al. 2015, §4.2): a convolution, three stages of n
 * basic blocks with 16, 32 and 64 channels, the mean over all pixels, and a linear layer; 6n + 2
 * layers with weights.
 *
 * <p>Where a stage halves the picture, the shortcut takes every second pixel and fills the new
 * channels with zeros (the paper's option A), so that shortcuts have no parameters.
 *
 * <p>Shapes: x [N, C, H, W], usually [N, 3, 32, 32]; features [N, 64, ⌈H/4⌉, ⌈W/4⌉]; logits [N,
 * classes]. Starts: weights normal with variance 2/fan-in (He et al. 2015), biases of the linear
 * layer uniform.
 */
public final class ResNet extends FeatureNet {
  private final Conv2d conv1;
  private final BatchNorm2d bn1;
  private final Sequential layer1;
  private final Sequential layer2;
  private final Sequential layer3;
  private final Linear linear;

  /** With {@code blocks} blocks in each stage: 3, 5 and 9 make ResNet-20, -32 and -56. */
  public ResNet(int blocks, int classes) {
    this(3, blocks, classes);
  }

  /** For pictures of any number of channels. */
  public ResNet(int channels, int blocks, int classes) {
    if (channels < 1 || blocks < 1 || classes < 1) {
      throw new IllegalArgumentException(
          "resNet: %d channels, %d blocks, %d classes: must be positive"
              .formatted(channels, blocks, classes));
    }
    conv1 = layer("conv1", Convolutions.plain(channels, 16, 3, 1));
    bn1 = layer("bn1", new BatchNorm2d(16));
    layer1 = layer("layer1", stage(16, 16, 1, blocks)); // [N, 16, 32, 32]
    layer2 = layer("layer2", stage(16, 32, 2, blocks)); // [N, 32, 16, 16]
    layer3 = layer("layer3", stage(32, 64, 2, blocks)); // [N, 64, 8, 8]
    linear = layer("linear", new Linear(64, classes));
  }

  /** 20 layers, 0.27 million parameters. */
  public static ResNet resNet20() {
    return new ResNet(3, 10);
  }

  /** 32 layers, 0.46 million parameters. */
  public static ResNet resNet32() {
    return new ResNet(5, 10);
  }

  /** 56 layers, 0.85 million parameters. */
  public static ResNet resNet56() {
    return new ResNet(9, 10);
  }

  @Override
  public Tensor features(Tensor x) {
    Tensor h = bn1.forward(conv1.forward(x)).relu();
    return layer3.forward(layer2.forward(layer1.forward(h)));
  }

  @Override
  public Tensor head(Tensor features) {
    return linear.forward(features.mean(2, 3));
  }

  private static Sequential stage(int in, int out, int stride, int blocks) {
    Layer[] chain = new Layer[blocks];
    for (int i = 0; i < blocks; i++) {
      chain[i] = new Block(i == 0 ? in : out, out, i == 0 ? stride : 1);
    }
    return new Sequential(chain);
  }

  /** Two convolutions beside a shortcut. */
  private static final class Block extends Layer {
    private final int stride;
    private final int extra;
    private final Conv2d conv1;
    private final BatchNorm2d bn1;
    private final Conv2d conv2;
    private final BatchNorm2d bn2;

    Block(int in, int out, int stride) {
      this.stride = stride;
      this.extra = out - in;
      conv1 = layer("conv1", Convolutions.plain(in, out, 3, stride));
      bn1 = layer("bn1", new BatchNorm2d(out));
      conv2 = layer("conv2", Convolutions.plain(out, out, 3, 1));
      bn2 = layer("bn2", new BatchNorm2d(out));
    }

    @Override
    public Tensor forward(Tensor x) {
      Tensor h = bn1.forward(conv1.forward(x)).relu();
      return bn2.forward(conv2.forward(h)).add(shortcut(x)).relu();
    }

    private Tensor shortcut(Tensor x) {
      Tensor s = x;
      if (stride > 1) {
        s = s.slice(2, 0, s.dim(2), stride).slice(3, 0, s.dim(3), stride);
      }
      return s.pad(1, extra / 2, extra - extra / 2);
    }
  }
}
