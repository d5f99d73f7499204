package dev.harpia.nn;

import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Binary;
import dev.harpia.tensor.op.Pointwise;
import dev.harpia.tensor.op.Reduction;

/** Losses of margins and of pairs; targets are 1 or −1 where nothing else is said. */
public final class MarginLoss {
  private MarginLoss() {}

  /** {@code log(1 + e^(−y·x))}. */
  public static Tensor soft(Tensor x, Tensor y, Reduction reduction) {
    return Loss.reduce(
        Tensor.apply(LossFormulas.SOFT_MARGIN, Loss.same("softMargin", x, y)), reduction);
  }

  /** {@code max(0, −y·(x₁ − x₂) + margin)}: y = 1 where x₁ should rank higher. */
  public static Tensor ranking(Tensor x1, Tensor x2, Tensor y, float margin, Reduction reduction) {
    return Loss.reduce(
        Tensor.apply(new Pointwise(LossFormulas.MARGIN, margin), x1.sub(x2), y), reduction);
  }

  /** A distance x for y = 1, {@code max(0, margin − x)} for y = −1. */
  public static Tensor hingeEmbedding(Tensor x, Tensor y, float margin, Reduction reduction) {
    return Loss.reduce(
        Tensor.apply(new Pointwise(LossFormulas.HINGE_EMBEDDING, margin), x, y), reduction);
  }

  /**
   * Of the cosine of rows: {@code 1 − cos} for y = 1, {@code max(0, cos − margin)} for y = −1.
   * Shapes: [N, D] twice, y [N].
   */
  public static Tensor cosineEmbedding(
      Tensor x1, Tensor x2, Tensor y, float margin, Reduction reduction) {
    Tensor dot = x1.mul(x2).sum(1);
    Tensor norms = x1.square().sum(1).add(1e-12f).mul(x2.square().sum(1).add(1e-12f)).sqrt();
    return Loss.reduce(
        Tensor.apply(new Pointwise(LossFormulas.COSINE_EMBEDDING, margin), dot.div(norms), y),
        reduction);
  }

  /**
   * {@code max(0, d(x, positive) − d(x, negative) + margin)} with the p-norm of differences
   * (Balntas et al. 2016). Shapes: [N, D] thrice.
   *
   * @param swap whether the distance from positive to negative counts instead, where it is smaller
   */
  public static Tensor triplet(
      Tensor x,
      Tensor positive,
      Tensor negative,
      float margin,
      float p,
      boolean swap,
      float epsilon,
      Reduction reduction) {
    Tensor near = Distance.pairwise(x, positive, p, epsilon);
    Tensor far = Distance.pairwise(x, negative, p, epsilon);
    if (swap) {
      far = Tensor.apply(Binary.MIN, far, Distance.pairwise(positive, negative, p, epsilon));
    }
    return Loss.reduce(near.sub(far).map(LossFormulas.HINGE, margin), reduction);
  }

  /** {@code Σ_{c≠y} max(0, margin − x[y] + x[c])ᵖ / C}. Shapes: x [N, C], classes [N] (I32). */
  public static Tensor multi(Tensor x, Tensor y, int p, float margin, Reduction reduction) {
    int n = x.dim(0);
    int c = x.dim(1);
    Tensor index = y.reshape(n, 1);
    Tensor own = x.gather(1, index);
    Tensor hinge = x.sub(own).map(LossFormulas.HINGE, margin);
    float[] others = new float[n * c];
    java.util.Arrays.fill(others, 1f / c);
    int[] classes = y.toIntArray();
    for (int i = 0; i < n; i++) {
      others[i * c + classes[i]] = 0;
    }
    Tensor each = (p == 1 ? hinge : hinge.pow(p)).mul(Tensor.of(others, Shape.of(n, c))).sum(1);
    return Loss.reduce(each, reduction);
  }
}
