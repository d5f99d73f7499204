package dev.harpia.models.cnn;

import dev.harpia.nn.Activation;
import dev.harpia.nn.Conv2d;
import dev.harpia.nn.Flatten;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Linear;
import dev.harpia.nn.MaxPool2d;
import dev.harpia.nn.Sequential;

/**
 * Networks for digits: the two of MIT 6.S191's second lab, and larger ones; [N, 1, 28, 28] to
 * logits [N, 10].
 */
public final class MnistNetworks {
  private MnistNetworks() {}

  /** A fresh network of the kind asked for, its weights drawn from the thread's generator. */
  static Layer of(MnistSettings.Model model) {
    return switch (model) {
      case MLP -> mlp();
      case CNN -> cnn();
      case LENET -> new LeNet();
      case VGG -> Vgg.small(1, 16, 10);
      case RESNET -> new ResNet(1, 1, 10);
    };
  }

  /** One hidden layer; 101,770 parameters. */
  public static Sequential mlp() {
    return new Sequential(
        new Flatten(), // [N, 784]
        new Linear(784, 128),
        Activation.relu(),
        new Linear(128, 10));
  }

  /** Two convolutions and two linear layers; 124,670 parameters. */
  public static Sequential cnn() {
    return new Sequential(
        new Conv2d(1, 24, 3), // [N, 24, 26, 26]
        Activation.relu(),
        new MaxPool2d(2), // [N, 24, 13, 13]
        new Conv2d(24, 36, 3), // [N, 36, 11, 11]
        Activation.relu(),
        new MaxPool2d(2), // [N, 36, 5, 5]
        new Flatten(), // [N, 900]
        new Linear(900, 128),
        Activation.relu(),
        new Linear(128, 10));
  }
}
