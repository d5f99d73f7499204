package dev.harpia.models.vae;

import dev.harpia.models.generative.Unflatten;
import dev.harpia.nn.Activation;
import dev.harpia.nn.BatchNorm2d;
import dev.harpia.nn.Conv2d;
import dev.harpia.nn.ConvOptions;
import dev.harpia.nn.ConvTranspose2d;
import dev.harpia.nn.Flatten;
import dev.harpia.nn.Linear;
import dev.harpia.nn.Sequential;

/** The networks of MIT 6.S191's facial detection lab, for pictures [N, 3, 64, 64] from 0 to 1. */
public final class FaceNetworks {
  private static final int FILTERS = 12;
  private static final int DEEP = 6 * FILTERS; // channels at 4 × 4
  private static final int FEATURES = DEEP * 4 * 4;

  private FaceNetworks() {}

  /**
   * Four convolutions with stride 2 and two linear layers, to [N, outputs]: the course's classifier
   * with one output (640,889 parameters), its encoder with 201 (743,489).
   */
  public static Sequential classifier(int outputs) {
    return new Sequential(
        convolution(3, FILTERS, 5),
        Activation.relu(),
        new BatchNorm2d(FILTERS), // [N, 12, 32, 32]
        convolution(FILTERS, 2 * FILTERS, 5),
        Activation.relu(),
        new BatchNorm2d(2 * FILTERS), // [N, 24, 16, 16]
        convolution(2 * FILTERS, 4 * FILTERS, 3),
        Activation.relu(),
        new BatchNorm2d(4 * FILTERS), // [N, 48, 8, 8]
        convolution(4 * FILTERS, DEEP, 3),
        Activation.relu(),
        new BatchNorm2d(DEEP), // [N, 72, 4, 4]
        new Flatten(),
        new Linear(FEATURES, 512),
        Activation.relu(),
        new Linear(512, outputs));
  }

  private static Conv2d convolution(int in, int out, int kernel) {
    ConvOptions options = ConvOptions.DEFAULT.withStride(2).withPadding(kernel / 2);
    return new Conv2d(in, out, kernel, kernel, options);
  }

  /**
   * A linear layer and four transposed convolutions, from [N, latent] to pictures; 166,011
   * parameters for 100 latent variables.
   */
  public static Sequential decoder(int latent) {
    return new Sequential(
        new Linear(latent, FEATURES),
        Activation.relu(),
        new Unflatten(DEEP, 4, 4),
        new ConvTranspose2d(DEEP, 4 * FILTERS, 3, 2, 1, 1), // [N, 48, 8, 8]
        Activation.relu(),
        new ConvTranspose2d(4 * FILTERS, 2 * FILTERS, 3, 2, 1, 1), // [N, 24, 16, 16]
        Activation.relu(),
        new ConvTranspose2d(2 * FILTERS, FILTERS, 5, 2, 2, 1), // [N, 12, 32, 32]
        Activation.relu(),
        new ConvTranspose2d(FILTERS, 3, 5, 2, 2, 1)); // [N, 3, 64, 64]
  }
}
