package dev.harpia.nn;

import dev.harpia.tensor.Tensor;

/**
 * What low-rank adaptation adds to a linear layer's result: {@code (α/r)·(x·Aᵀ)·Bᵀ}.
 *
 * <p>Shapes: x [.., in], A [r, in], B [out, r]. Starts: A as a linear layer's weight (PEFT's choice
 * too), B zero, so that nothing changes at first.
 */
final class LowRank {
  private final Linear a;
  private final Linear b;
  private final float scale;

  LowRank(int in, int out, int rank, float alpha) {
    a = new Linear(in, rank, false);
    b = new Linear(rank, out, false);
    b.weight().copyFrom(Tensor.zeros(out, rank));
    scale = alpha / rank;
  }

  Linear a() {
    return a;
  }

  Linear b() {
    return b;
  }

  Tensor forward(Tensor x) {
    return b.forward(a.forward(x)).mul(scale);
  }

  /** The change of weight [out, in] that does the same. */
  Tensor weight() {
    return b.weight().matmul(a.weight()).mul(scale);
  }
}
