package dev.harpia.models.gan;

import dev.harpia.nn.Activation;
import dev.harpia.nn.BatchNorm2d;
import dev.harpia.nn.Conv2d;
import dev.harpia.nn.ConvOptions;
import dev.harpia.nn.Embedding;
import dev.harpia.nn.Flatten;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Linear;
import dev.harpia.nn.Sequential;
import dev.harpia.tensor.Tensor;
import java.util.Optional;

/**
 * Says of pictures [N, 1, 28, 28] how real they look [N]. A conditional one adds the product of its
 * features and of a vector for the picture's class (Miyato, Koyama 2018).
 */
public final class Discriminator extends Layer {
  /** The networks to choose from. */
  public enum Network {
    /** Two hidden layers. */
    DENSE,
    /** Convolutions with batch normalisation, as in DCGAN. */
    CONVOLUTIONAL,
    /** Convolutions with spectral normalisation: a function of bounded slope. */
    SPECTRAL
  }

  private static final int FINE = 32;
  private static final int COARSE = 64;
  private static final float SLOPE = 0.2f;
  private static final float START = 0.02f;

  private final Sequential features;
  private final Layer score;
  private final Optional<Embedding> classes;

  /**
   * A discriminator with fresh weights.
   *
   * @param classes that are told; 0 for none
   */
  public Discriminator(Network network, int classes) {
    features = layer("features", features(network));
    int width = network == Network.DENSE ? 256 : COARSE * 49;
    score =
        layer(
            "score",
            network == Network.SPECTRAL ? new SpectralLinear(width, 1) : new Linear(width, 1));
    this.classes =
        classes == 0
            ? Optional.empty()
            : Optional.of(layer("classes", small(new Embedding(classes, width))));
  }

  /**
   * Products of many features with standard normal numbers would drown the score: the vectors start
   * small, as DCGAN's weights do.
   */
  private static Embedding small(Embedding vectors) {
    float[] values = vectors.weight().toArray();
    for (int i = 0; i < values.length; i++) {
      values[i] *= START;
    }
    vectors.weight().copyFrom(values);
    return vectors;
  }

  private static Sequential features(Network network) {
    return switch (network) {
      case DENSE ->
          new Sequential(
              new Flatten(),
              new Linear(784, 512),
              Activation.leakyRelu(SLOPE),
              new Linear(512, 256),
              Activation.leakyRelu(SLOPE));
      case CONVOLUTIONAL ->
          new Sequential(
              convolution(1, FINE), // [N, 32, 14, 14]
              Activation.leakyRelu(SLOPE),
              convolution(FINE, COARSE), // [N, 64, 7, 7]
              new BatchNorm2d(COARSE),
              Activation.leakyRelu(SLOPE),
              new Flatten());
      case SPECTRAL ->
          new Sequential(
              new SpectralConv2d(1, FINE, 4, 2, 1),
              Activation.leakyRelu(SLOPE),
              new SpectralConv2d(FINE, COARSE, 4, 2, 1),
              Activation.leakyRelu(SLOPE),
              new SpectralConv2d(COARSE, COARSE, 3, 1, 1),
              Activation.leakyRelu(SLOPE),
              new Flatten());
    };
  }

  private static Conv2d convolution(int in, int out) {
    return new Conv2d(in, out, 4, 4, ConvOptions.DEFAULT.withStride(2).withPadding(1));
  }

  Sequential network() {
    return features;
  }

  /** Scores of pictures and classes [N] (I32), at which one without condition does not look. */
  public Tensor score(Tensor x, Tensor y) {
    Tensor h = features.forward(x);
    Tensor s = score.forward(h).reshape(x.dim(0));
    return classes.isEmpty() ? s : s.add(h.mul(classes.get().forward(y)).sum(1));
  }

  /** Scores of pictures, without condition. */
  @Override
  public Tensor forward(Tensor x) {
    if (classes.isPresent()) {
      throw new IllegalStateException(
          "discriminator: it is conditional: score(x, y) takes classes too");
    }
    return score.forward(features.forward(x)).reshape(x.dim(0));
  }
}
