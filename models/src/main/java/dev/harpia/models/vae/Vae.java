package dev.harpia.models.vae;

import dev.harpia.nn.Layer;
import dev.harpia.nn.Linear;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Tensor;

/**
 * A variational autoencoder of pictures [N, 1, 28, 28] (Kingma, Welling 2014): an encoder to a
 * normal distribution of D latent variables, and a decoder from these to a Bernoulli distribution
 * of each pixel. A conditional one (Sohn, Lee, Yan 2015) tells both the picture's class.
 *
 * <pre>{@code
 * Vae vae = new Vae(Vae.Network.CONVOLUTIONAL, 20, 0);
 * adam.step(vae.elbo(x, y, rng).loss(1));
 * Tensor digits = vae.decode(Tensor.normal(16, 20)).sigmoid();
 * }</pre>
 */
public final class Vae extends Layer {
  /** The networks to choose from. */
  public enum Network {
    /** 784 → 400 → D → 400 → 784. */
    DENSE,
    /** Two convolutions with stride 2, a linear layer, and the same backwards. */
    CONVOLUTIONAL
  }

  private final int latent;
  private final int classes;
  private final Layer encoder;
  private final Linear mu;
  private final Linear logVariance;
  private final Layer decoder;

  /**
   * A model with fresh weights.
   *
   * @param latent D
   * @param classes whose number is told to encoder and decoder; 0 for a model without condition
   */
  public Vae(Network network, int latent, int classes) {
    if (latent < 1 || classes < 0) {
      throw new IllegalArgumentException(
          "vae: %d latent variables, %d classes: at least 1 and 0".formatted(latent, classes));
    }
    this.latent = latent;
    this.classes = classes;
    encoder = layer("encoder", VaeNetworks.encoder(network));
    int features = VaeNetworks.features(network);
    mu = layer("mu", new Linear(features + classes, latent));
    logVariance = layer("log_variance", new Linear(features + classes, latent));
    decoder = layer("decoder", VaeNetworks.decoder(network, latent + classes));
  }

  /** D. */
  public int latent() {
    return latent;
  }

  /** How many classes a conditional model knows, else 0. */
  public int classes() {
    return classes;
  }

  Layer encoder() {
    return encoder;
  }

  Layer decoder() {
    return decoder;
  }

  /** Encodes pictures, without condition. */
  public Encoding encode(Tensor x) {
    unconditional("encode");
    Tensor h = encoder.forward(x);
    return new Encoding(mu.forward(h), logVariance.forward(h));
  }

  /**
   * Encodes pictures of known classes [N] (I32), at which a model without condition does not look.
   */
  public Encoding encode(Tensor x, Tensor y) {
    Tensor h = join(encoder.forward(x), y);
    return new Encoding(mu.forward(h), logVariance.forward(h));
  }

  /** Logits of pixels [N, 1, 28, 28] for latent variables [N, D], without condition. */
  public Tensor decode(Tensor z) {
    unconditional("decode");
    return decoder.forward(z);
  }

  /** Logits of pixels for latent variables and classes [N] (I32). */
  public Tensor decode(Tensor z, Tensor y) {
    return decoder.forward(join(z, y));
  }

  /** The negative evidence lower bound of pictures, by one sample for each. */
  public Elbo elbo(Tensor x, Tensor y, Rng rng) {
    Encoding encoding = encode(x, y);
    return Elbo.bernoulli(decode(encoding.sample(rng), y), x, encoding);
  }

  /** The pixels' probabilities for the means of the encodings, without condition. */
  @Override
  public Tensor forward(Tensor x) {
    return decode(encode(x).mu()).sigmoid();
  }

  private Tensor join(Tensor h, Tensor y) {
    return classes == 0 ? h : Tensor.concat(1, h, Tensor.oneHot(y, classes).toFloat());
  }

  private void unconditional(String operation) {
    if (classes > 0) {
      throw new IllegalStateException(
          "vae." + operation + ": this model is conditional: it takes the classes too");
    }
  }

  @Override
  protected String arguments() {
    return latent + (classes == 0 ? "" : ", " + classes + " classes");
  }
}
