package dev.harpia.models.vae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.harpia.tensor.Gradients;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import org.junit.jupiter.api.Test;

class VaeTest {
  @Test
  void shapesOfBothNetworksWithAndWithoutClasses() {
    Tensor x = Tensor.uniform(3, 1, 28, 28);
    Tensor y = Tensor.of(new int[] {0, 9, 4});
    for (Vae.Network network : Vae.Network.values()) {
      for (int classes : new int[] {0, 10}) {
        Vae vae = new Vae(network, 5, classes);
        Encoding e = vae.encode(x, y);
        assertThat(e.mu().shape()).isEqualTo(Shape.of(3, 5));
        assertThat(e.logVariance().shape()).isEqualTo(Shape.of(3, 5));
        assertThat(vae.decode(e.mu(), y).shape()).isEqualTo(x.shape());
        Elbo elbo = vae.elbo(x, y, new Rng(1));
        assertThat(elbo.reconstruction().shape()).isEqualTo(Shape.of(3));
        assertThat(elbo.kl().shape()).isEqualTo(Shape.of(3));
      }
    }
  }

  @Test
  void aConditionalModelDependsOnTheClassAndAsksForIt() {
    Rng.seed(1);
    Vae vae = new Vae(Vae.Network.DENSE, 4, 10);
    Tensor z = Tensor.zeros(1, 4);
    float[] three = vae.decode(z, Tensor.of(new int[] {3})).toArray();
    float[] five = vae.decode(z, Tensor.of(new int[] {5})).toArray();
    assertThat(three).isNotEqualTo(five);
    assertThatThrownBy(() -> vae.decode(z))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("vae.decode: this model is conditional: it takes the classes too");
    assertThatThrownBy(() -> new Vae(Vae.Network.DENSE, 0, 0))
        .hasMessage("vae: 0 latent variables, 0 classes: at least 1 and 0");
  }

  @Test
  void aSampleIsTheMeanAndTheNoiseTimesTheDeviation() {
    Tensor mu = Tensor.of(new float[][] {{1, -2}});
    Tensor logVariance = Tensor.of(new float[][] {{(float) Math.log(4), (float) Math.log(0.25)}});
    Encoding e = new Encoding(mu, logVariance);
    assertThat(e.sample(Tensor.of(new float[][] {{1.5f, -1}})).toArray())
        .containsExactly(new float[] {1 + 2 * 1.5f, -2 - 0.5f}, within(1e-5f));
    // gradients reach both: dz/dμ = 1, dz/d log σ² = ½σε
    Tensor z = e.sample(Tensor.of(new float[][] {{1.5f, -1}})).sum();
    Gradients g = Gradients.of(z, mu, logVariance);
    assertThat(g.wrt(mu).toArray()).containsExactly(1, 1);
    assertThat(g.wrt(logVariance).toArray())
        .containsExactly(new float[] {1.5f, -0.25f}, within(1e-5f));
  }

  @Test
  void theBoundInClosedForm() {
    Tensor x = Tensor.full(0.25f, 2, 1, 28, 28);
    Tensor logits = Tensor.full((float) Math.log(3), 2, 1, 28, 28); // p = ¾
    Tensor mu = Tensor.of(new float[][] {{0, 0}, {1, 2}});
    Tensor logVariance = Tensor.of(new float[][] {{0, 0}, {0, (float) Math.log(3)}});
    Elbo elbo = Elbo.bernoulli(logits, x, new Encoding(mu, logVariance));
    double nats = -784 * (0.25 * Math.log(0.75) + 0.75 * Math.log(0.25));
    double kl = 0.5 * (1 + 4 + 3 - 1 - Math.log(3));
    assertThat(elbo.reconstruction().get(0)).isCloseTo((float) nats, within(1e-2f));
    assertThat(elbo.kl().toArray()).containsExactly(new float[] {0, (float) kl}, within(1e-5f));
    assertThat(elbo.loss(4).item()).isCloseTo((float) (nats + 4 * kl / 2), within(1e-2f));
  }

  @Test
  void oneSeedGivesTheSameWeightsAndTheSameBound() {
    float[] losses = new float[2];
    for (int i = 0; i < 2; i++) {
      Rng.seed(8);
      Vae vae = new Vae(Vae.Network.CONVOLUTIONAL, 3, 0);
      Tensor x = Tensor.uniform(2, 1, 28, 28);
      losses[i] = vae.elbo(x, Tensor.of(new int[] {0, 0}), new Rng(5)).loss(1).item();
    }
    assertThat(losses[0]).isEqualTo(losses[1]).isBetween(400f, 700f); // about 784·ln 2
  }
}
