package dev.harpia.models.vae;

import dev.harpia.nn.Layer;
import dev.harpia.nn.Loss;
import dev.harpia.nn.Sequential;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Reduction;

/**
 * The semi-supervised autoencoder of the debiasing work (Amini et al. 2019): one encoder says
 * whether a picture [N, 3, 64, 64] is a face and encodes it; a decoder draws faces. Trained on
 * faces drawn evenly it is the course's SS-VAE; on faces drawn by {@link LatentResampling}, its
 * DB-VAE.
 *
 * <p>The encoder's outputs are [logit, μ (D), log σ² (D)].
 */
public final class DbVae extends Layer {
  /** The weight of the divergence beside the reconstruction error. */
  public static final float KL_WEIGHT = 0.0005f;

  private final int latent;
  private final Sequential encoder;
  private final Sequential decoder;

  /** What the encoder says: the logit of a face [N], and the encoding [N, D]. */
  public record Prediction(Tensor logit, Encoding encoding) {}

  /** A model with D latent variables; the course takes 100, and 32 for its SS-VAE. */
  public DbVae(int latent) {
    if (latent < 1) {
      throw new IllegalArgumentException("dbVae: " + latent + " latent variables: at least 1");
    }
    this.latent = latent;
    encoder = layer("encoder", FaceNetworks.classifier(2 * latent + 1));
    decoder = layer("decoder", FaceNetworks.decoder(latent));
  }

  /** D. */
  public int latent() {
    return latent;
  }

  /** Looks at pictures. */
  public Prediction encode(Tensor x) {
    Tensor all = encoder.forward(x);
    return new Prediction(
        all.slice(1, 0, 1).reshape(x.dim(0)),
        new Encoding(all.slice(1, 1, 1 + latent), all.slice(1, 1 + latent, 1 + 2 * latent)));
  }

  /** Draws faces [N, 3, 64, 64] from latent variables [N, D]. */
  public Tensor decode(Tensor z) {
    return decoder.forward(z);
  }

  /** The logits of faces [N]. */
  @Override
  public Tensor forward(Tensor x) {
    return encode(x).logit();
  }

  /**
   * {@code mean(bce(logit, y) + [y = 1]·(0.0005·KL + mean|x − x̂|))}: every picture is to be
   * classified, and faces are to be reconstructed too.
   *
   * @param y 1 for a face, 0 for none [N]
   * @param noise of the latent variables
   */
  public Tensor loss(Tensor x, Tensor y, Rng noise) {
    Prediction prediction = encode(x);
    Tensor classification = Loss.binaryCrossEntropyWithLogits(prediction.logit(), y);
    int[] faces = faces(y);
    if (faces.length == 0) {
      return classification;
    }
    // what is masked out need not be decoded: faces alone, and divided by all pictures
    Tensor rows = Tensor.of(faces);
    Encoding encoding =
        new Encoding(
            prediction.encoding().mu().indexSelect(0, rows),
            prediction.encoding().logVariance().indexSelect(0, rows));
    Tensor each = vaeLoss(x.indexSelect(0, rows), decode(encoding.sample(noise)), encoding);
    return classification.add(each.sum().div(x.dim(0)));
  }

  private static int[] faces(Tensor y) {
    float[] values = y.toArray();
    return java.util.stream.IntStream.range(0, values.length).filter(i -> values[i] == 1).toArray();
  }

  /** {@code 0.0005·KL + mean|x − x̂|} of each picture [N]; the mean is over its numbers. */
  public static Tensor vaeLoss(Tensor x, Tensor decoded, Encoding encoding) {
    Tensor error = Loss.l1(decoded, x, Reduction.NONE).reshape(x.dim(0), -1).mean(1);
    return encoding.kl().mul(KL_WEIGHT).add(error);
  }

  /** Tables of both halves. */
  public String describe() {
    return encoder.summary(Shape.of(1, 3, 64, 64)) + "\n" + decoder.summary(Shape.of(1, latent));
  }

  @Override
  protected String arguments() {
    return String.valueOf(latent);
  }
}
