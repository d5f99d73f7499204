package dev.harpia.models.cnn;

import dev.harpia.nn.Activation;
import dev.harpia.nn.BatchNorm2d;
import dev.harpia.nn.Conv2d;
import dev.harpia.nn.ConvOptions;
import dev.harpia.nn.Init;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Sequential;

/** Convolutions as residual networks and their kin use them: no bias, He's weights. */
final class Convolutions {
  private Convolutions() {}

  /** An odd square kernel; at stride 1 the output is as large as the input. */
  static Conv2d plain(int in, int out, int kernel, int stride) {
    return grouped(in, out, kernel, stride, 1);
  }

  /** One kernel for each channel. */
  static Conv2d depthwise(int channels, int kernel, int stride) {
    return grouped(channels, channels, kernel, stride, channels);
  }

  private static Conv2d grouped(int in, int out, int kernel, int stride, int groups) {
    ConvOptions options =
        ConvOptions.DEFAULT
            .withPadding(kernel / 2)
            .withStride(stride)
            .withGroups(groups)
            .withoutBias();
    Conv2d conv = new Conv2d(in, out, kernel, kernel, options);
    conv.state().forEach((name, w) -> w.copyFrom(Init.kaimingNormal(w.shape().dims())));
    return conv;
  }

  /** Layers that a batch normalisation and a ReLU follow. */
  static Sequential normed(int channels, Layer conv) {
    return new Sequential(conv, new BatchNorm2d(channels), Activation.relu());
  }
}
