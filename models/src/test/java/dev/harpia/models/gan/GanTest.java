package dev.harpia.models.gan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.harpia.models.data.DigitData;
import dev.harpia.models.data.SyntheticDigits;
import dev.harpia.nn.Layer;
import dev.harpia.nn.data.Batch;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class GanTest {
  private static final DigitData DIGITS =
      new DigitData("synthetic", SyntheticDigits.train(64, 1), SyntheticDigits.test(64, 1));

  private static GanTraining training(GanSettings.Model model) {
    Rng.seed(1);
    return new GanTraining(new GanSettings(model, 8, 1, 16, 1e-3f, 1), DIGITS);
  }

  private static Map<String, String> weights(Layer layer) {
    Map<String, String> all = new TreeMap<>();
    layer
        .parameters()
        .forEach(p -> all.put(p.name(), java.util.Arrays.toString(p.value().toArray())));
    return all;
  }

  @Test
  void lossesInClosedForm() {
    Tensor real = Tensor.of(2f, 0f);
    Tensor fake = Tensor.of(-1f, 3f);
    // −log σ(x) = softplus(−x), −log(1 − σ(x)) = softplus(x)
    double d =
        (Math.log1p(Math.exp(-2)) + Math.log(2) + Math.log1p(Math.exp(-1))) / 2
            + Math.log1p(Math.exp(3)) / 2;
    double g = (Math.log1p(Math.exp(1)) + Math.log1p(Math.exp(-3))) / 2;
    assertThat(GanLoss.CROSS_ENTROPY.discriminator(real, fake).item())
        .isCloseTo((float) d, within(1e-5f));
    assertThat(GanLoss.CROSS_ENTROPY.generator(fake).item()).isCloseTo((float) g, within(1e-5f));
    assertThat(GanLoss.WASSERSTEIN.discriminator(real, fake).item()).isEqualTo(0);
    assertThat(GanLoss.WASSERSTEIN.generator(fake).item()).isEqualTo(-1);
  }

  @Test
  void everyModelDrawsAndScoresAndEachStepMovesItsOwnNetworkOnly() {
    for (GanSettings.Model model : GanSettings.Model.values()) {
      GanTraining training = training(model);
      Tensor y = Tensor.of(new int[] {1, 2, 3});
      Tensor x = training.generator().draw(Tensor.normal(3, 8), y);
      assertThat(x.shape()).isEqualTo(Shape.of(3, 1, 28, 28));
      assertThat(x.min().item()).isBetween(0f, 1f);
      assertThat(x.max().item()).isBetween(0f, 1f);
      assertThat(training.discriminator().score(x, y).shape()).isEqualTo(Shape.of(3));

      var g = weights(training.generator());
      var d = weights(training.discriminator());
      training.discriminate(new Batch(Tensor.uniform(3, 1, 28, 28), y));
      assertThat(weights(training.generator())).isEqualTo(g);
      assertThat(weights(training.discriminator())).isNotEqualTo(d);
      d = weights(training.discriminator());
      training.generate(y);
      assertThat(weights(training.generator())).isNotEqualTo(g);
      assertThat(weights(training.discriminator())).isEqualTo(d);
    }
  }

  @Test
  void aConditionalPairAsksForClassesAndUsesThem() {
    GanTraining training = training(GanSettings.Model.CGAN);
    Tensor z = Tensor.zeros(1, 8);
    assertThatThrownBy(() -> training.generator().forward(z))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("generator: it is conditional: draw(z, y) takes classes too");
    Tensor x = Tensor.uniform(1, 1, 28, 28);
    training.discriminator().eval();
    float one = training.discriminator().score(x, Tensor.of(new int[] {1})).item();
    float two = training.discriminator().score(x, Tensor.of(new int[] {2})).item();
    assertThat(one).isNotEqualTo(two);
  }

  @Test
  void oneSeedGivesTheSameLosses() {
    double[] seen = new double[2];
    for (int i = 0; i < 2; i++) {
      GanTraining training = training(GanSettings.Model.GAN);
      int at = i;
      training.run(epoch -> seen[at] = epoch.generator());
    }
    assertThat(seen[0]).isEqualTo(seen[1]).isPositive();
  }

  @Test
  void settingsOutOfRange() {
    assertThatThrownBy(() -> new GanSettings(GanSettings.Model.GAN, 0, 1, 16, 1e-3f, 1))
        .hasMessage("noise: 0: must be from 1 to 4096");
    assertThatThrownBy(() -> new GanSettings(GanSettings.Model.GAN, 8, 1, 1, 1e-3f, 1))
        .hasMessage("batch: 1: must be from 2 to 65536");
  }
}
