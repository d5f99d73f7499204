package dev.harpia.nn;

import dev.harpia.tensor.Tensor;
import java.util.Locale;

/**
 * Low-rank adaptation of a linear layer (Hu et al. 2021): {@code y = base(x) + (α/r)·(x·Aᵀ)·Bᵀ};
 * the base is frozen. {@link LoRA} adapts the layers of a whole model.
 *
 * <p>Shapes: x [.., in], y [.., out]; {@code lora_A.weight} [r, in], {@code lora_B.weight} [out,
 * r], the base under {@code base_layer} as in PEFT.
 *
 * <p>Starts: A Kaiming-uniform with a = √5 (bound 1/√in), B zero, so that nothing changes at first.
 */
public final class LoRALinear extends Layer {
  private final Linear base;
  private final LowRank adapter;
  private final String form;

  /** Adapts a layer with rank {@code r}. */
  public LoRALinear(Linear base, int r, float alpha) {
    if (r < 1) {
      throw new IllegalArgumentException("lora: rank " + r + " must be at least 1");
    }
    this.base = layer("base_layer", base);
    base.freeze();
    adapter = new LowRank(base.weight().dim(1), base.weight().dim(0), r, alpha);
    layer("lora_A", adapter.a());
    layer("lora_B", adapter.b());
    form = String.format(Locale.ROOT, "rank %d, scale %.3g", r, alpha / r);
  }

  /** The layer that is adapted. */
  public Linear base() {
    return base;
  }

  @Override
  public Tensor forward(Tensor x) {
    return base.forward(x, adapter);
  }

  /**
   * Adds the adaptation to a copy of the base's weight: {@code W + (α/r)·B·A}. A linear layer with
   * it gives what this one does in evaluation, bit for bit.
   */
  public Tensor mergedWeight() {
    return base.weight().add(adapter.weight()).copy();
  }

  @Override
  protected String arguments() {
    return form;
  }
}
