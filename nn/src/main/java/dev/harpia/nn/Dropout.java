package dev.harpia.nn;

import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Pointwise;
import dev.harpia.tensor.op.Unary;
import java.util.Locale;

/**
 * In training, sets each element to 0 with probability p and divides the others by 1 − p
 * (Srivastava et al. 2014). In evaluation it does nothing.
 *
 * <p>The mask is drawn anew for each call from the thread's {@link Rng}, and drawn again, not
 * stored, for the backward pass.
 */
public final class Dropout extends Layer {
  private final float p;

  /** Drops with probability {@code p}, in [0, 1]. */
  public Dropout(float p) {
    if (!(p >= 0 && p <= 1)) {
      throw new IllegalArgumentException("dropout: p = " + p + " must be in [0, 1]");
    }
    this.p = p;
  }

  @Override
  public Tensor forward(Tensor x) {
    if (!training() || p == 0) {
      return x;
    }
    return Tensor.apply(
        new Pointwise(Unary.DROPOUT, Rng.current().nextLong(), p, p == 1 ? 0 : 1 / (1 - p)), x);
  }

  @Override
  protected String arguments() {
    return String.format(Locale.ROOT, "%.3g", p);
  }
}
