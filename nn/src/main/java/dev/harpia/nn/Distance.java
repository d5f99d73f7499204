package dev.harpia.nn;

import dev.harpia.tensor.Tensor;

/** Distances and similarities of vectors. */
public final class Distance {
  private Distance() {}

  /** The p-norm of {@code x − y + ε} over the last axis. Shapes: [.., D] twice to [..]. */
  public static Tensor pairwise(Tensor x, Tensor y, float p, float epsilon) {
    return norm(x.sub(y).add(epsilon), p, -1);
  }

  /** The p-norm over an axis, which disappears. */
  static Tensor norm(Tensor d, float p, int axis) {
    if (p == 2) {
      return d.norm(axis);
    }
    Tensor a = d.abs();
    return p == 1 ? a.sum(axis) : a.pow(p).sum(axis).pow(1 / p);
  }

  /** {@code x·y / max(‖x‖·‖y‖, ε)} over an axis, which disappears. */
  public static Tensor cosine(Tensor x, Tensor y, int axis, float epsilon) {
    Tensor dot = x.mul(y).sum(axis);
    Tensor norms = x.norm(axis).mul(y.norm(axis));
    return dot.div(norms.max(Tensor.scalar(epsilon)));
  }

  /** Euclidean distances between all rows. Shapes: x [N, D], y [M, D] to [N, M]. */
  public static Tensor cdist(Tensor x, Tensor y) {
    return x.unsqueeze(1).sub(y.unsqueeze(0)).norm(2);
  }

  /** x divided by its p-norm over an axis, or by ε where the norm is smaller. */
  public static Tensor normalize(Tensor x, float p, int axis, float epsilon) {
    Tensor n = norm(x, p, axis).max(Tensor.scalar(epsilon));
    return x.div(n.unsqueeze(x.shape().axis(axis)));
  }
}
