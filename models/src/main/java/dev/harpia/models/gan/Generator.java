package dev.harpia.models.gan;

import dev.harpia.models.generative.Unflatten;
import dev.harpia.nn.Activation;
import dev.harpia.nn.BatchNorm1d;
import dev.harpia.nn.BatchNorm2d;
import dev.harpia.nn.ConvTranspose2d;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Linear;
import dev.harpia.nn.Sequential;
import dev.harpia.tensor.Tensor;

/** Draws digits [N, 1, 28, 28] from noise [N, D], and from classes too if it is conditional. */
public final class Generator extends Layer {
  private static final int FINE = 32; // channels at 14 × 14
  private static final int COARSE = 64; // channels at 7 × 7

  private final int noise;
  private final int classes;
  private final Sequential network;

  /**
   * A generator with fresh weights.
   *
   * @param noise D
   * @param classes that are told; 0 for none
   */
  public Generator(boolean convolutional, int noise, int classes) {
    if (noise < 1 || classes < 0) {
      throw new IllegalArgumentException(
          "generator: %d numbers of noise, %d classes: at least 1 and 0".formatted(noise, classes));
    }
    this.noise = noise;
    this.classes = classes;
    int in = noise + classes;
    network = layer("network", convolutional ? convolutional(in) : dense(in));
  }

  private static Sequential dense(int in) {
    return new Sequential(
        new Linear(in, 256),
        new BatchNorm1d(256),
        Activation.relu(),
        new Linear(256, 512),
        new BatchNorm1d(512),
        Activation.relu(),
        new Linear(512, 784),
        Activation.sigmoid(),
        new Unflatten(1, 28, 28));
  }

  /** As in DCGAN (Radford, Metz, Chintala 2016), for smaller pictures. */
  private static Sequential convolutional(int in) {
    return new Sequential(
        new Linear(in, 2 * COARSE * 49),
        new Unflatten(2 * COARSE, 7, 7),
        new BatchNorm2d(2 * COARSE),
        Activation.relu(),
        new ConvTranspose2d(2 * COARSE, COARSE, 3, 1, 1, 0), // [N, 64, 7, 7]
        new BatchNorm2d(COARSE),
        Activation.relu(),
        new ConvTranspose2d(COARSE, FINE, 4, 2, 1, 0), // [N, 32, 14, 14]
        new BatchNorm2d(FINE),
        Activation.relu(),
        new ConvTranspose2d(FINE, 1, 4, 2, 1, 0), // [N, 1, 28, 28]
        Activation.sigmoid());
  }

  /** D. */
  public int noise() {
    return noise;
  }

  /** How many classes a conditional generator knows, else 0. */
  public int classes() {
    return classes;
  }

  Sequential network() {
    return network;
  }

  /** Digits from noise and classes [N] (I32), at which one without condition does not look. */
  public Tensor draw(Tensor z, Tensor y) {
    Tensor in = classes == 0 ? z : Tensor.concat(1, z, Tensor.oneHot(y, classes).toFloat());
    return network.forward(in);
  }

  /** Digits from noise, without condition. */
  @Override
  public Tensor forward(Tensor z) {
    if (classes > 0) {
      throw new IllegalStateException("generator: it is conditional: draw(z, y) takes classes too");
    }
    return network.forward(z);
  }
}
