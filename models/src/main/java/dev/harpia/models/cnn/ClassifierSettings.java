package dev.harpia.models.cnn;

import dev.harpia.models.run.Ranges;
import java.util.Locale;
import java.util.Optional;

/**
 * How a classifier of pictures is trained: by AdamW, its rate rising and then falling along half a
 * cosine.
 *
 * @param network which one
 * @param rate the highest learning rate
 * @param decay of the weights
 * @param batch pictures per step
 * @param epochs passes over the training pictures
 * @param shift by how many pixels training pictures are moved at most
 * @param flip whether every other training picture is mirrored
 * @param seed of initial weights, order, and changes of pictures
 */
public record ClassifierSettings(
    Network network,
    float rate,
    float decay,
    int batch,
    int epochs,
    int shift,
    boolean flip,
    long seed) {
  /** The networks on offer. */
  public enum Network {
    /** {@link ResNet} with one block in each stage. */
    RESNET8,
    /** {@link ResNet} with three blocks in each stage. */
    RESNET20,
    /** {@link Vgg#small}, 16 channels in the first stage. */
    VGG,
    /** {@link MobileNet#small}, 32 channels in the first layer. */
    MOBILENET;

    FeatureNet of(int channels, int classes) {
      return switch (this) {
        case RESNET8 -> new ResNet(channels, 1, classes);
        case RESNET20 -> new ResNet(channels, 3, classes);
        case VGG -> Vgg.small(channels, 16, classes);
        case MOBILENET -> MobileNet.small(channels, 32, classes);
      };
    }

    /** As it is typed. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Checks the ranges. */
  public ClassifierSettings {
    Ranges.rate(rate, 100);
    Ranges.check("batch", batch, 1, 65_536);
    Ranges.check("epochs", epochs, 1, 10_000);
  }

  /** What suits small colour photographs: mirrored and moved. */
  public static ClassifierSettings photographs() {
    return new ClassifierSettings(Network.RESNET20, 4e-3f, 0.05f, 64, 40, 4, true, 1);
  }

  /** What suits letters: moved a little. */
  public static ClassifierSettings letters() {
    return new ClassifierSettings(Network.VGG, 3e-3f, 0.05f, 64, 12, 1, false, 1);
  }

  /** What suits radiographs: mirrored, and moved a little. */
  public static ClassifierSettings radiographs() {
    return new ClassifierSettings(Network.RESNET8, 4e-3f, 0.02f, 32, 12, 3, true, 1);
  }

  /** These settings with what the user gives in their place. */
  public ClassifierSettings with(
      Optional<Network> network,
      Optional<Float> rate,
      Optional<Integer> batch,
      Optional<Integer> epochs,
      long seed) {
    return new ClassifierSettings(
        network.orElse(this.network),
        rate.orElse(this.rate),
        decay,
        batch.orElse(this.batch),
        epochs.orElse(this.epochs),
        shift,
        flip,
        seed);
  }

  /** The settings on one line. */
  public String describe() {
    return "%s, adamw %s (cosine, decay %s), batch %d, %d epochs, pictures %smoved by up to %d pixels, seed %d"
        .formatted(network, rate, decay, batch, epochs, flip ? "mirrored and " : "", shift, seed);
  }
}
