package dev.harpia.nn;

import dev.harpia.tensor.Tensor;
import java.util.Locale;

/**
 * Low-rank adaptation of a linear layer (Hu et al. 2021): {@code y = base(x) + (α/r)·(x·Aᵀ)·Bᵀ};
 * the base is frozen.
 *
 * <p>Shapes: x [.., in], y [.., out]; {@code lora_A.weight} [r, in], {@code lora_B.weight} [out,
 * r], the base under {@code base_layer} as in PEFT.
 *
 * <p>Starts: A Kaiming-uniform with a = √5 (bound 1/√in), B zero, so that nothing changes at first.
 */
public final class LoRALinear extends Layer {
  private final Linear base;
  private final Linear a;
  private final Linear b;
  private final float scale;

  /** Adapts a layer with rank {@code r}. */
  public LoRALinear(Linear base, int r, float alpha) {
    if (r < 1) {
      throw new IllegalArgumentException("lora: rank " + r + " must be at least 1");
    }
    this.base = layer("base_layer", base);
    base.freeze();
    a = layer("lora_A", new Linear(base.weight().dim(1), r, false));
    b = layer("lora_B", new Linear(r, base.weight().dim(0), false));
    b.weight().copyFrom(Tensor.zeros(b.weight().shape()));
    scale = alpha / r;
  }

  /** The layer that is adapted. */
  public Linear base() {
    return base;
  }

  @Override
  public Tensor forward(Tensor x) {
    return base.forward(x).add(b.forward(a.forward(x)).mul(scale));
  }

  /** Adds the adaptation to a copy of the base's weight: {@code W + (α/r)·B·A}. */
  public Tensor mergedWeight() {
    return base.weight().add(b.weight().matmul(a.weight()).mul(scale)).copy();
  }

  @Override
  protected String arguments() {
    return String.format(Locale.ROOT, "rank %d, scale %.3g", a.weight().dim(0), scale);
  }
}
