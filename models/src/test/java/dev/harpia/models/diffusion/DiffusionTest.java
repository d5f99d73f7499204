package dev.harpia.models.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.harpia.nn.Linear;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiffusionTest {
  @Test
  void theLinearScheduleOfThePaper() {
    NoiseSchedule s = NoiseSchedule.linear(1000, 1e-4, 0.02);
    assertThat(s.signal(0)).isEqualTo(1);
    assertThat(s.beta(1)).isCloseTo(1e-4, within(1e-12));
    assertThat(s.beta(1000)).isCloseTo(0.02, within(1e-12));
    assertThat(s.signal(2)).isCloseTo((1 - 1e-4) * (1 - s.beta(2)), within(1e-15));
    assertThat(s.signal(1000)).isCloseTo(4.04e-5, within(1e-6));
  }

  @Test
  void theCosineSchedule() {
    NoiseSchedule s = NoiseSchedule.cosine(100);
    double start = Math.pow(Math.cos(0.008 / 1.008 * Math.PI / 2), 2);
    double half = Math.pow(Math.cos(0.508 / 1.008 * Math.PI / 2), 2);
    assertThat(s.signal(50)).isCloseTo(half / start, within(1e-12));
    assertThat(s.beta(100)).isCloseTo(0.999, within(1e-12)); // the limit
  }

  /** q(xₜ₋₁ | xₜ, x₀) with xₜ from q(xₜ | x₀) must give q(xₜ₋₁ | x₀), in mean and in variance. */
  @Test
  void theStepBackUndoesTheStepForward() {
    for (NoiseSchedule s :
        List.of(NoiseSchedule.cosine(50), NoiseSchedule.linear(200, 1e-4, 0.02))) {
      for (int t = 1; t <= s.steps(); t++) {
        double mean = s.weightOfPicture(t) + s.weightOfNoisy(t) * Math.sqrt(s.signal(t));
        double variance =
            s.variance(t) + s.weightOfNoisy(t) * s.weightOfNoisy(t) * (1 - s.signal(t));
        assertThat(mean).isCloseTo(Math.sqrt(s.signal(t - 1)), within(1e-12));
        assertThat(variance).isCloseTo(1 - s.signal(t - 1), within(1e-12));
      }
    }
  }

  @Test
  void noiseIsMixedInByTheStepOfEachPictureAndTakenOutAgain() {
    NoiseSchedule s = NoiseSchedule.cosine(10);
    Tensor x = Tensor.of(new float[][] {{1, -1}, {0.5f, 0}});
    Tensor noise = Tensor.of(new float[][] {{2, 1}, {-1, 3}});
    Tensor noisy = s.noisy(x, noise, new int[] {3, 7});
    double a = Math.sqrt(s.signal(7));
    double b = Math.sqrt(1 - s.signal(7));
    assertThat(noisy.get(1, 0)).isCloseTo((float) (0.5 * a - b), within(1e-6f));
    assertThat(noisy.get(1, 1)).isCloseTo((float) (3 * b), within(1e-6f));
    Tensor velocity = s.velocity(x, noise, new int[] {3, 7});
    assertThat(velocity.get(1, 0)).isCloseTo((float) (-a - 0.5 * b), within(1e-6f));
    Tensor first = s.picture(noisy.slice(0, 0, 1), velocity.slice(0, 0, 1), 3);
    assertThat(first.toArray()).containsExactly(new float[] {1, -1}, within(1e-5f));
  }

  @Test
  void shapesOfTheNetworkAndOfSamples() {
    Rng.seed(1);
    Denoiser denoiser = new Denoiser(8);
    Tensor x = Tensor.normal(2, 1, 28, 28);
    assertThat(denoiser.velocity(x, 1, 7).shape()).isEqualTo(x.shape());
    Diffusion diffusion = new Diffusion(NoiseSchedule.cosine(6), denoiser);
    List<Integer> seen = new ArrayList<>();
    Tensor ddpm = diffusion.ddpm(2, new Rng(2), (t, picture) -> seen.add(t));
    assertThat(ddpm.shape()).isEqualTo(Shape.of(2, 1, 28, 28));
    assertThat(seen).containsExactly(6, 5, 4, 3, 2, 1, 0);
    seen.clear();
    Tensor ddim = diffusion.ddim(2, 3, new Rng(2), (t, picture) -> seen.add(t));
    assertThat(seen).containsExactly(6, 4, 2, 0);
    assertThat(ddim.abs().max().item()).isLessThanOrEqualTo(1); // the last step is the picture
    assertThat(diffusion.ddim(2, 3, new Rng(2), (t, picture) -> {}).toArray())
        .isEqualTo(ddim.toArray());
    assertThatThrownBy(() -> diffusion.ddim(1, 7, new Rng(2), (t, picture) -> {}))
        .hasMessage("ddim: 7 steps: must be from 1 to 6");
    assertThatThrownBy(() -> new Denoiser(12))
        .hasMessage("denoiser: width 12: must be a multiple of 8");
  }

  @Test
  void theLossOfANetworkThatSaysNothingIsTheMeanSquareOfTheVelocity() {
    Rng.seed(1);
    Denoiser denoiser = new Denoiser(8);
    denoiser
        .parameters()
        .forEach(p -> p.value().copyFrom(new float[Math.toIntExact(p.value().size())]));
    Diffusion diffusion = new Diffusion(NoiseSchedule.cosine(20), denoiser);
    // v = √ᾱ·ε − √(1−ᾱ)·1, whose mean square is ᾱ + (1−ᾱ)
    float loss = diffusion.loss(Tensor.ones(64, 1, 28, 28), new Rng(4)).item();
    assertThat(loss).isCloseTo(1, within(0.03f)); // 50,176 draws: five standard deviations
  }

  @Test
  void weightsAreAveraged() {
    Linear model = new Linear(1, 1);
    Linear average = new Linear(1, 1);
    AverageWeights weights = new AverageWeights(model, average, 0.995);
    Tensor w = model.parameters().getFirst().value();
    Tensor a = average.parameters().getFirst().value();
    float start = w.item();
    assertThat(a.item()).isEqualTo(start);
    w.copyFrom(new float[] {start + 1});
    weights.update(); // d = 1/10
    assertThat(a.item()).isCloseTo(start + 0.9f, within(1e-6f));
    weights.update(); // d = 2/11
    assertThat(a.item()).isCloseTo(start + 1 - 0.1f * 2 / 11, within(1e-6f));
  }
}
