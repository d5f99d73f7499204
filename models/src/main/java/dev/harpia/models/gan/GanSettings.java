package dev.harpia.models.gan;

import dev.harpia.models.data.DigitData;
import dev.harpia.models.generative.DigitArtist;
import dev.harpia.models.generative.DigitPlan;
import dev.harpia.models.run.Ranges;
import java.util.Locale;

/**
 * How a generative adversarial network is trained.
 *
 * @param model which pair of networks, with which loss
 * @param noise numbers of noise for a picture
 * @param epochs passes over the training pictures
 * @param batch pictures per step
 * @param learningRate of Adam, for both networks
 * @param seed of initial weights, order, noise and drawn digits
 */
public record GanSettings(
    Model model, int noise, int epochs, int batch, float learningRate, long seed)
    implements DigitPlan {
  /** The pairs on offer. */
  public enum Model {
    /** Linear layers, cross-entropy. */
    GAN(Discriminator.Network.DENSE, GanLoss.CROSS_ENTROPY, false, 1, 0.5, 2e-4f),
    /** Convolutions, cross-entropy. */
    DCGAN(Discriminator.Network.CONVOLUTIONAL, GanLoss.CROSS_ENTROPY, false, 1, 0.5, 2e-4f),
    /** Convolutions with spectral normalisation, Wasserstein distance. */
    WGAN(Discriminator.Network.SPECTRAL, GanLoss.WASSERSTEIN, false, 2, 0.5, 1e-3f),
    /** As DCGAN, but both networks are told the class. */
    CGAN(Discriminator.Network.CONVOLUTIONAL, GanLoss.CROSS_ENTROPY, true, 1, 0.5, 2e-4f);

    private final Discriminator.Network network;
    private final GanLoss loss;
    private final boolean conditional;
    private final int critic;
    private final double beta1;
    private final float usual;

    Model(
        Discriminator.Network network,
        GanLoss loss,
        boolean conditional,
        int critic,
        double beta1,
        float usual) {
      this.network = network;
      this.loss = loss;
      this.conditional = conditional;
      this.critic = critic;
      this.beta1 = beta1;
      this.usual = usual;
    }

    /** What both networks want. */
    public GanLoss loss() {
      return loss;
    }

    /** Whether both networks are told the class. */
    public boolean conditional() {
      return conditional;
    }

    /** Steps of the discriminator for each of the generator. */
    int critic() {
      return critic;
    }

    /** The first decay rate of Adam: momentum harms where the other network changes the goal. */
    double beta1() {
      return beta1;
    }

    /** The learning rate that suits it. */
    public float usualRate() {
      return usual;
    }

    int classes() {
      return conditional ? 10 : 0;
    }

    Generator generator(int noise) {
      return new Generator(network != Discriminator.Network.DENSE, noise, classes());
    }

    Discriminator discriminator() {
      return new Discriminator(network, classes());
    }
  }

  /** Checks the ranges. */
  public GanSettings {
    Ranges.check("noise", noise, 1, 4096);
    Ranges.check("epochs", epochs, 1, 10_000);
    Ranges.check("batch", batch, 2, 65_536);
    Ranges.rate(learningRate, 1);
  }

  @Override
  public String lab() {
    return "gan";
  }

  @Override
  public String title() {
    return "Two networks against each other";
  }

  @Override
  public DigitArtist artist(DigitData digits) {
    return new GanArtist(this, digits);
  }

  /** The model's name as the command line has it. */
  @Override
  public String name() {
    return model.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String describe() {
    return String.format(
        Locale.ROOT,
        "%s, %d numbers of noise, Adam %s, batch %d, %d epochs, seed %d",
        name(),
        noise,
        learningRate,
        batch,
        epochs,
        seed);
  }
}
