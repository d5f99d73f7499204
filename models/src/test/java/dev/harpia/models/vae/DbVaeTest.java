package dev.harpia.models.vae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.harpia.nn.Loss;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import org.junit.jupiter.api.Test;

class DbVaeTest {
  @Test
  void theCoursesParameterCounts() {
    assertThat(FaceNetworks.classifier(1).parameterCount()).isEqualTo(640_889);
    assertThat(FaceNetworks.classifier(201).parameterCount()).isEqualTo(743_489);
    assertThat(FaceNetworks.decoder(100).parameterCount()).isEqualTo(166_011);
    assertThat(new DbVae(100).parameterCount()).isEqualTo(909_500);
  }

  @Test
  void shapes() {
    DbVae model = new DbVae(7);
    Tensor x = Tensor.uniform(2, 3, 64, 64);
    DbVae.Prediction p = model.encode(x);
    assertThat(p.logit().shape()).isEqualTo(Shape.of(2));
    assertThat(p.encoding().mu().shape()).isEqualTo(Shape.of(2, 7));
    assertThat(p.encoding().logVariance().shape()).isEqualTo(Shape.of(2, 7));
    assertThat(model.decode(p.encoding().mu()).shape()).isEqualTo(x.shape());
    assertThat(model.forward(x).shape()).isEqualTo(Shape.of(2));
  }

  /** The course's formula, with a mask of zeros and ones over the losses of all pictures. */
  @Test
  void theLossIsClassificationAndMaskedReconstruction() {
    Rng.seed(2);
    DbVae model = new DbVae(4);
    model.eval(); // a batch's statistics would differ from those of a part
    Tensor x = Tensor.uniform(4, 3, 64, 64);
    float[] mask = {0, 1, 0, 1};
    Tensor y = Tensor.of(mask);
    float loss = model.loss(x, y, new Rng(3)).item();

    DbVae.Prediction p = model.encode(x);
    Tensor noise = Tensor.normal(new Rng(3), 0, 1, Shape.of(2, 4)); // of the two faces
    float[] each = noise.toArray();
    float[] all = new float[16];
    System.arraycopy(each, 0, all, 4, 4);
    System.arraycopy(each, 4, all, 12, 4);
    Tensor decoded = model.decode(p.encoding().sample(Tensor.of(all, Shape.of(4, 4))));
    Tensor vae = DbVae.vaeLoss(x, decoded, p.encoding());
    float expected =
        Loss.binaryCrossEntropyWithLogits(p.logit(), y).item() + vae.mul(y).mean().item();
    assertThat(loss).isCloseTo(expected, within(1e-5f));

    Tensor none = Tensor.zeros(4);
    assertThat(model.loss(x, none, new Rng(3)).item())
        .isCloseTo(Loss.binaryCrossEntropyWithLogits(p.logit(), none).item(), within(1e-6f));
  }

  @Test
  void theAutoencodersPartInClosedForm() {
    Tensor x = Tensor.full(0.5f, 1, 3, 64, 64);
    Tensor decoded = Tensor.full(0.2f, 1, 3, 64, 64);
    Encoding e = new Encoding(Tensor.of(new float[][] {{2}}), Tensor.zeros(1, 1)); // KL = 2
    assertThat(DbVae.vaeLoss(x, decoded, e).item()).isCloseTo(0.3f + 0.0005f * 2, within(1e-5f));
  }
}
