package dev.harpia.models.diffusion;

import dev.harpia.nn.Loss;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.util.Arrays;
import java.util.function.BiConsumer;

/**
 * Denoising diffusion of pictures [N, 1, 28, 28] from −1 to 1: a network learns how pictures change
 * as they turn into noise, and pictures are drawn by going back step by step.
 */
public final class Diffusion {
  private final NoiseSchedule schedule;
  private final Denoiser denoiser;

  /** A schedule and the network that undoes it. */
  public Diffusion(NoiseSchedule schedule, Denoiser denoiser) {
    this.schedule = schedule;
    this.denoiser = denoiser;
  }

  /** {@code mean (v − v(xₜ, t))²} with a random step for each picture. */
  public Tensor loss(Tensor x, Rng rng) {
    int[] t = new int[x.dim(0)];
    for (int i = 0; i < t.length; i++) {
      t[i] = 1 + rng.below(schedule.steps());
    }
    Tensor noise = Tensor.normal(rng, 0, 1, x.shape());
    Tensor guess = denoiser.velocity(schedule.noisy(x, noise, t), t);
    return Loss.mse(guess, schedule.velocity(x, noise, t));
  }

  /**
   * Draws pictures by all T steps, each with fresh noise (DDPM): {@code xₜ₋₁} from {@code q(xₜ₋₁ |
   * xₜ, x₀)} with the picture that the network sees in place of x₀, cut to [−1, 1].
   *
   * @param watch told t and xₜ, from the noise at T to the picture at 0
   */
  public Tensor ddpm(int count, Rng rng, BiConsumer<Integer, Tensor> watch) {
    Tensor x = start(count, rng, watch);
    for (int t = schedule.steps(); t >= 1; t--) {
      try (var scope = Scope.inference()) {
        Tensor picture = picture(x, t);
        Tensor mean =
            picture
                .mul((float) schedule.weightOfPicture(t))
                .add(x.mul((float) schedule.weightOfNoisy(t)));
        float deviation = (float) Math.sqrt(schedule.variance(t));
        x = scope.keep(t == 1 ? mean : mean.add(Tensor.normal(rng, 0, deviation, x.shape())));
      }
      watch.accept(t - 1, x);
    }
    return x;
  }

  /**
   * Draws pictures by a few steps without fresh noise (DDIM; Song, Meng, Ermon 2021): {@code x_s =
   * √ᾱₛ·x₀ + √(1−ᾱₛ)·ε} with both as the network sees them at the step before.
   *
   * @param steps from 1 to T
   * @param watch told t and xₜ, from the noise at T to the picture at 0
   */
  public Tensor ddim(int count, int steps, Rng rng, BiConsumer<Integer, Tensor> watch) {
    int total = schedule.steps();
    if (steps < 1 || steps > total) {
      throw new IllegalArgumentException("ddim: " + steps + " steps: must be from 1 to " + total);
    }
    Tensor x = start(count, rng, watch);
    for (int k = steps; k >= 1; k--) {
      int t = (int) ((long) k * total / steps);
      int s = (int) ((k - 1L) * total / steps);
      try (var scope = Scope.inference()) {
        Tensor picture = picture(x, t);
        // the noise that goes with the picture after cutting
        Tensor noise =
            x.sub(picture.mul((float) Math.sqrt(schedule.signal(t))))
                .mul((float) (1 / Math.sqrt(1 - schedule.signal(t))));
        x =
            scope.keep(
                picture
                    .mul((float) Math.sqrt(schedule.signal(s)))
                    .add(noise.mul((float) Math.sqrt(1 - schedule.signal(s)))));
      }
      watch.accept(s, x);
    }
    return x;
  }

  private Tensor start(int count, Rng rng, BiConsumer<Integer, Tensor> watch) {
    Tensor x = Tensor.normal(rng, 0, 1, Shape.of(count, 1, 28, 28));
    watch.accept(schedule.steps(), x);
    return x;
  }

  private Tensor picture(Tensor x, int t) {
    int[] steps = new int[x.dim(0)];
    Arrays.fill(steps, t);
    return schedule.picture(x, denoiser.velocity(x, steps), t).clamp(-1, 1);
  }
}
