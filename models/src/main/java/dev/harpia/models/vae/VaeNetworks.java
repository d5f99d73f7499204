package dev.harpia.models.vae;

import dev.harpia.models.generative.Unflatten;
import dev.harpia.nn.Activation;
import dev.harpia.nn.Conv2d;
import dev.harpia.nn.ConvOptions;
import dev.harpia.nn.ConvTranspose2d;
import dev.harpia.nn.Flatten;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Linear;
import dev.harpia.nn.Sequential;

/** Encoders [N, 1, 28, 28] to features, and decoders from latent variables to logits of pixels. */
final class VaeNetworks {
  private static final int DENSE = 400;
  private static final int HIDDEN = 256;
  private static final int FINE = 32; // channels at 14 × 14
  private static final int COARSE = 64; // channels at 7 × 7

  private VaeNetworks() {}

  /** How many features an encoder returns. */
  static int features(Vae.Network network) {
    return switch (network) {
      case DENSE -> DENSE;
      case CONVOLUTIONAL -> HIDDEN;
    };
  }

  static Layer encoder(Vae.Network network) {
    return switch (network) {
      case DENSE -> new Sequential(new Flatten(), new Linear(784, DENSE), Activation.relu());
      case CONVOLUTIONAL ->
          new Sequential(
              new Conv2d(1, FINE, 4, 4, halving()), // [N, 32, 14, 14]
              Activation.silu(),
              new Conv2d(FINE, COARSE, 4, 4, halving()), // [N, 64, 7, 7]
              Activation.silu(),
              new Flatten(),
              new Linear(COARSE * 49, HIDDEN),
              Activation.silu());
    };
  }

  private static ConvOptions halving() {
    return ConvOptions.DEFAULT.withStride(2).withPadding(1);
  }

  static Layer decoder(Vae.Network network, int inputs) {
    return switch (network) {
      case DENSE ->
          new Sequential(
              new Linear(inputs, DENSE),
              Activation.relu(),
              new Linear(DENSE, 784),
              new Unflatten(1, 28, 28));
      case CONVOLUTIONAL ->
          new Sequential(
              new Linear(inputs, HIDDEN),
              Activation.silu(),
              new Linear(HIDDEN, COARSE * 49),
              Activation.silu(),
              new Unflatten(COARSE, 7, 7),
              new ConvTranspose2d(COARSE, FINE, 4, 2, 1, 0), // [N, 32, 14, 14]
              Activation.silu(),
              new ConvTranspose2d(FINE, 1, 4, 2, 1, 0)); // [N, 1, 28, 28]
    };
  }
}
