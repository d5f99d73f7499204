package dev.harpia.models.gan;

import dev.harpia.tensor.Tensor;

/** What the two networks of a GAN want, as losses of the discriminator's outputs [N]. */
public enum GanLoss {
  /**
   * Logits of "this is real" (Goodfellow et al. 2014): the discriminator's cross-entropy, and the
   * generator's {@code −mean log p}, which does not fade where the discriminator is sure.
   */
  CROSS_ENTROPY {
    @Override
    public Tensor discriminator(Tensor real, Tensor fake) {
      return real.neg().softplus().mean().add(fake.softplus().mean());
    }

    @Override
    public Tensor generator(Tensor fake) {
      return fake.neg().softplus().mean();
    }
  },

  /**
   * The Wasserstein distance (Arjovsky, Chintala, Bottou 2017): {@code mean D(fake) − mean
   * D(real)}, for a D of bounded slope.
   */
  WASSERSTEIN {
    @Override
    public Tensor discriminator(Tensor real, Tensor fake) {
      return fake.mean().sub(real.mean());
    }

    @Override
    public Tensor generator(Tensor fake) {
      return fake.mean().neg();
    }
  };

  /** What the discriminator makes small. */
  public abstract Tensor discriminator(Tensor real, Tensor fake);

  /** What the generator makes small. */
  public abstract Tensor generator(Tensor fake);
}
