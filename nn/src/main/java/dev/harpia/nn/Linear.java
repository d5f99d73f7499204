package dev.harpia.nn;

import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Affine;
import org.jspecify.annotations.Nullable;

/**
 * An affine map of the last axis: {@code y = x·Wᵀ + b}.
 *
 * <p>Shapes: x [.., in], y [.., out]; {@code weight} [out, in], {@code bias} [out].
 *
 * <p>Starts: weight and bias uniform with bound 1/√in, as PyTorch does.
 */
public final class Linear extends Layer {
  private final Tensor weight;
  private final @Nullable Tensor bias;
  private @Nullable LowRank adapter; // while a LoRA is attached

  /** A map with a bias. */
  public Linear(int in, int out) {
    this(in, out, true);
  }

  /** A map with or without a bias. */
  public Linear(int in, int out, boolean bias) {
    if (in < 0 || out < 0) {
      throw new IllegalArgumentException(
          "linear: " + in + " to " + out + " features: must not be negative");
    }
    weight = parameter("weight", Init.byFanIn(in, out, in));
    this.bias = bias ? parameter("bias", Init.byFanIn(in, out)) : null;
  }

  /** The weight [out, in]. */
  public Tensor weight() {
    return weight;
  }

  boolean adapted() {
    return adapter != null;
  }

  void adapt(@Nullable LowRank a) {
    adapter = a;
  }

  @Override
  public Tensor forward(Tensor x) {
    return adapter == null ? affine(x, weight) : forward(x, adapter);
  }

  /**
   * With an adapter. It learns through its two small products; in evaluation it is added to the
   * weight first, so that the result is that of the merged weight, bit for bit.
   */
  Tensor forward(Tensor x, LowRank a) {
    return training() ? affine(x, weight).add(a.forward(x)) : affine(x, weight.add(a.weight()));
  }

  private Tensor affine(Tensor x, Tensor w) {
    return bias == null ? Tensor.apply(new Affine(), x, w) : Tensor.apply(new Affine(), x, w, bias);
  }

  @Override
  protected String arguments() {
    return weight.dim(1) + ", " + weight.dim(0) + (bias == null ? ", no bias" : "");
  }
}
