package dev.harpia.models.cnn;

import dev.harpia.nn.Layer;
import dev.harpia.nn.Linear;
import dev.harpia.nn.Sequential;
import dev.harpia.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Network of depthwise separable convolutions (Howard et al. 2017): a 3×3 kernel for each channel,
 * then a 1×1 convolution that mixes the channels, each with batch normalisation and ReLU; about an
 * eighth of the work of full convolutions.
 *
 * <p>Shapes: x [N, C, H, W], logits [N, classes].
 */
public final class MobileNet extends FeatureNet {
  private final Sequential features;
  private final Linear fc;

  private MobileNet(int channels, int first, int stride, int[] widths, int[] strides, int classes) {
    List<Layer> chain = new ArrayList<>();
    chain.add(Convolutions.normed(first, Convolutions.plain(channels, first, 3, stride)));
    int in = first;
    for (int i = 0; i < widths.length; i++) {
      chain.add(separable(in, widths[i], strides[i]));
      in = widths[i];
    }
    features = layer("features", new Sequential(chain.toArray(Layer[]::new)));
    fc = layer("fc", new Linear(in, classes));
  }

  /** MobileNet v1 for pictures of 224 × 224; 4,231,976 parameters with 1000 classes. */
  public static MobileNet v1(int classes) {
    int[] widths = {64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024};
    int[] strides = {1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1};
    return new MobileNet(3, 32, 2, widths, strides, classes);
  }

  /** Five blocks for small pictures, which it halves twice. */
  public static MobileNet small(int channels, int width, int classes) {
    int[] widths = {2 * width, 2 * width, 4 * width, 4 * width, 4 * width};
    return new MobileNet(channels, width, 1, widths, new int[] {2, 1, 2, 1, 1}, classes);
  }

  /** A depthwise separable convolution: [N, in, H, W] to [N, out, ⌈H/stride⌉, ⌈W/stride⌉]. */
  public static Sequential separable(int in, int out, int stride) {
    return new Sequential(
        Convolutions.normed(in, Convolutions.depthwise(in, 3, stride)),
        Convolutions.normed(out, Convolutions.plain(in, out, 1, 1)));
  }

  @Override
  public Tensor features(Tensor x) {
    return features.forward(x);
  }

  @Override
  public Tensor head(Tensor maps) {
    return fc.forward(maps.mean(2, 3));
  }
}
