package dev.harpia.models.vae;

import dev.harpia.nn.Loss;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Reduction;

/**
 * The two parts of the negative evidence lower bound of each picture [N], in nats: {@code −log p(x)
 * ≤ −E log p(x | z) + KL(q(z | x) ‖ p(z))}.
 *
 * @param reconstruction −log p(x | z) for one sample z
 * @param kl the divergence of the encoding from the prior
 */
public record Elbo(Tensor reconstruction, Tensor kl) {
  /**
   * With the Bernoulli likelihood: {@code −Σ x·log p + (1−x)·log(1−p)} over all pixels. A grey
   * pixel x counts as the probability of a one, so this is the mean over all ways to draw black and
   * white pixels from the grey ones, and a bound for those.
   *
   * @param logits of p, in the shape of x
   * @param x pictures [N, ..] from 0 to 1
   */
  static Elbo bernoulli(Tensor logits, Tensor x, Encoding encoding) {
    Tensor each = Loss.binaryCrossEntropyWithLogits(logits, x, null, null, Reduction.NONE);
    return new Elbo(each.reshape(x.dim(0), -1).sum(1), encoding.kl());
  }

  /**
   * The mean of {@code reconstruction + β·kl}: the negative bound for β = 1 (Higgins et al. 2017).
   */
  public Tensor loss(float beta) {
    return reconstruction.add(kl.mul(beta)).mean();
  }
}
