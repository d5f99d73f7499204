package dev.harpia.models.diffusion;

import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.util.Arrays;

/**
 * How a picture becomes noise in T steps: {@code q(xₜ | x₀) = N(√ᾱₜ·x₀, 1 − ᾱₜ)} with {@code ᾱₜ =
 * (1−β₁)…(1−βₜ)} (Ho, Jain, Abbeel 2020). Steps are numbered from 1 to T; ᾱ₀ = 1.
 */
public final class NoiseSchedule {
  private static final double MOST = 0.999;

  private final double[] signal; // ᾱ, from step 0

  private NoiseSchedule(double[] signal) {
    this.signal = signal;
  }

  /** β rises linearly; the paper takes 1000 steps from 1e-4 to 0.02. */
  public static NoiseSchedule linear(int steps, double first, double last) {
    if (steps < 2 || !(first > 0) || !(last >= first) || !(last < 1)) {
      throw new IllegalArgumentException(
          "schedule: %d steps, β from %s to %s: at least 2, and 0 < first ≤ last < 1"
              .formatted(steps, first, last));
    }
    double[] signal = new double[steps + 1];
    signal[0] = 1;
    for (int t = 1; t <= steps; t++) {
      double beta = first + (last - first) * (t - 1) / (steps - 1);
      signal[t] = signal[t - 1] * (1 - beta);
    }
    return new NoiseSchedule(signal);
  }

  /**
   * {@code ᾱₜ = f(t)/f(0), f(t) = cos²((t/T + 0.008)/1.008·π/2)}, β at most 0.999 (Nichol, Dhariwal
   * 2021).
   */
  public static NoiseSchedule cosine(int steps) {
    if (steps < 2) {
      throw new IllegalArgumentException("schedule: " + steps + " steps: must be at least 2");
    }
    double[] signal = new double[steps + 1];
    signal[0] = 1;
    for (int t = 1; t <= steps; t++) {
      double beta = Math.min(MOST, 1 - level(t, steps) / level(t - 1, steps));
      signal[t] = signal[t - 1] * (1 - beta);
    }
    return new NoiseSchedule(signal);
  }

  private static double level(int t, int steps) {
    double c = StrictMath.cos(((double) t / steps + 0.008) / 1.008 * Math.PI / 2);
    return c * c;
  }

  /** T. */
  public int steps() {
    return signal.length - 1;
  }

  /** ᾱₜ, for t from 0 to T. */
  public double signal(int t) {
    return signal[t];
  }

  /** βₜ, for t from 1 to T. */
  public double beta(int t) {
    return 1 - signal[t] / signal[t - 1];
  }

  /** The variance of {@code q(xₜ₋₁ | xₜ, x₀)}: {@code βₜ·(1 − ᾱₜ₋₁)/(1 − ᾱₜ)}. */
  public double variance(int t) {
    return beta(t) * (1 - signal[t - 1]) / (1 - signal[t]);
  }

  /** The weight of x₀ in the mean of {@code q(xₜ₋₁ | xₜ, x₀)}: {@code √ᾱₜ₋₁·βₜ/(1 − ᾱₜ)}. */
  public double weightOfPicture(int t) {
    return Math.sqrt(signal[t - 1]) * beta(t) / (1 - signal[t]);
  }

  /** The weight of xₜ in that mean: {@code √(1−βₜ)·(1 − ᾱₜ₋₁)/(1 − ᾱₜ)}. */
  public double weightOfNoisy(int t) {
    return Math.sqrt(1 - beta(t)) * (1 - signal[t - 1]) / (1 - signal[t]);
  }

  /** {@code xₜ = √ᾱₜ·x₀ + √(1−ᾱₜ)·ε}, with a step for each picture. Shapes: [N, ..]. */
  public Tensor noisy(Tensor x, Tensor noise, int[] t) {
    return x.mul(each(x, t, true)).add(noise.mul(each(x, t, false)));
  }

  /**
   * {@code v = √ᾱₜ·ε − √(1−ᾱₜ)·x₀}: how xₜ changes as picture turns into noise (Salimans, Ho 2022).
   * A network that tells v is sure of the noise where there is little, and of the picture where
   * there is little of that.
   */
  public Tensor velocity(Tensor x, Tensor noise, int[] t) {
    return noise.mul(each(x, t, true)).sub(x.mul(each(x, t, false)));
  }

  /** √ᾱₜ or √(1−ᾱₜ) of each picture's step, to be multiplied with pictures. */
  private Tensor each(Tensor x, int[] t, boolean ofSignal) {
    float[] factors = new float[t.length];
    for (int i = 0; i < t.length; i++) {
      factors[i] = (float) Math.sqrt(ofSignal ? signal[t[i]] : 1 - signal[t[i]]);
    }
    int[] dims = new int[x.rank()];
    Arrays.fill(dims, 1);
    dims[0] = t.length;
    return Tensor.of(factors, Shape.of(dims));
  }

  /** {@code x₀ = √ᾱₜ·xₜ − √(1−ᾱₜ)·v}, what the velocity tells of the picture. */
  public Tensor picture(Tensor noisy, Tensor velocity, int t) {
    return noisy
        .mul((float) Math.sqrt(signal[t]))
        .sub(velocity.mul((float) Math.sqrt(1 - signal[t])));
  }
}
