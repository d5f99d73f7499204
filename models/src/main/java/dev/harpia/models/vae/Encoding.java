package dev.harpia.models.vae;

import dev.harpia.nn.LikelihoodLoss;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Tensor;

/**
 * What an encoder says about pictures: a normal distribution of the latent variables of each.
 *
 * @param mu means [N, D]
 * @param logVariance logarithms of the variances [N, D]
 */
public record Encoding(Tensor mu, Tensor logVariance) {
  /**
   * A sample through which gradients flow: {@code z = μ + e^(½·log σ²)·ε} (Kingma, Welling 2014).
   *
   * @param noise ε, standard normal [N, D]
   */
  public Tensor sample(Tensor noise) {
    return mu.add(logVariance.mul(0.5f).exp().mul(noise));
  }

  /** A sample with noise drawn from a stream. */
  public Tensor sample(Rng rng) {
    return sample(Tensor.normal(rng, 0, 1, mu.shape()));
  }

  /** {@code KL(N(μ, σ²) ‖ N(0, 1)) = ½Σ(σ² + μ² − 1 − log σ²)} of each picture [N], in nats. */
  public Tensor kl() {
    return LikelihoodLoss.klToStandardNormal(mu, logVariance);
  }
}
