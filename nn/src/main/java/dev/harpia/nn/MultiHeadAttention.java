package dev.harpia.nn;

import dev.harpia.tensor.DType;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Affine;
import dev.harpia.tensor.op.Attention;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head attention (Vaswani et al. 2017): queries, keys and values are projected, attended head
 * by head, and projected back.
 *
 * <p>Shapes: query [N, Tq, E], key [N, Tk, K], value [N, Tk, V], y [N, Tq, E] (or [T, N, E] where
 * the batch is not first); weights [N, heads, Tq, Tk]. Checkpoint names are PyTorch's: {@code
 * in_proj_weight} [3E, E], or {@code q_proj_weight} and so on where K or V differ from E; {@code
 * in_proj_bias}, {@code out_proj}.
 *
 * <p>Starts: projections Xavier-uniform, biases zero.
 */
public final class MultiHeadAttention extends Layer {
  /**
   * What positions may not see.
   *
   * @param causal whether position i sees only positions up to i
   * @param blocked I32 [Tq, Tk] or [N, heads, Tq, Tk]: not seen where not 0
   * @param bias F32 of the same shapes, added to the scores
   * @param padding I32 [N, Tk]: keys that nobody sees where not 0
   */
  public record Mask(
      boolean causal, @Nullable Tensor blocked, @Nullable Tensor bias, @Nullable Tensor padding) {
    /** Everything is seen. */
    public static final Mask NONE = new Mask(false, null, null, null);

    /** Only the past is seen. */
    public static final Mask CAUSAL = new Mask(true, null, null, null);
  }

  /** Results, with the weights of each head where they were asked for. */
  public record Output(Tensor y, @Nullable Tensor weights) {}

  private final int width;
  private final int heads;
  private final boolean batchFirst;
  private final @Nullable Tensor inWeight;
  private final @Nullable Tensor qWeight;
  private final @Nullable Tensor kWeight;
  private final @Nullable Tensor vWeight;
  private final @Nullable Tensor inBias;
  private final Linear out;

  /** Keys and values as wide as queries, with biases, the batch first. */
  public MultiHeadAttention(int width, int heads) {
    this(width, heads, width, width, true, true);
  }

  /** Any form. */
  public MultiHeadAttention(
      int width, int heads, int keyWidth, int valueWidth, boolean bias, boolean batchFirst) {
    if (heads < 1 || width < 1 || width % heads != 0) {
      throw new IllegalArgumentException(
          "multiHeadAttention: width " + width + " must fall into " + heads + " equal heads");
    }
    this.width = width;
    this.heads = heads;
    this.batchFirst = batchFirst;
    boolean fused = keyWidth == width && valueWidth == width;
    inWeight = fused ? parameter("in_proj_weight", Init.xavierUniform(1, 3 * width, width)) : null;
    qWeight = fused ? null : parameter("q_proj_weight", Init.xavierUniform(1, width, width));
    kWeight = fused ? null : parameter("k_proj_weight", Init.xavierUniform(1, width, keyWidth));
    vWeight = fused ? null : parameter("v_proj_weight", Init.xavierUniform(1, width, valueWidth));
    inBias = bias ? parameter("in_proj_bias", Tensor.zeros(3 * width)) : null;
    out = layer("out_proj", new Linear(width, width, bias));
    out.state().computeIfPresent("bias", (n, t) -> zero(t));
  }

  private static Tensor zero(Tensor t) {
    t.copyFrom(Tensor.zeros(t.shape()));
    return t;
  }

  /** Self-attention without a mask. */
  @Override
  public Tensor forward(Tensor x) {
    return forward(x, x, x, Mask.NONE, false).y();
  }

  /** Self-attention. */
  public Tensor forward(Tensor x, Mask mask) {
    return forward(x, x, x, mask, false).y();
  }

  /** Attention of queries to keys and values. */
  public Output forward(Tensor query, Tensor key, Tensor value, Mask mask, boolean weights) {
    Tensor q = batchFirst ? query : query.transpose(0, 1);
    Tensor k = batchFirst ? key : key == query ? q : key.transpose(0, 1);
    Tensor v = batchFirst ? value : value == key ? k : value.transpose(0, 1);
    if (q.rank() != 3 || q.dim(2) != width) {
      throw new ShapeException(
          "multiHeadAttention", "queries must be [N, T, " + width + "]", query.shape());
    }
    List<Tensor> in = new ArrayList<>(project(q, k, v));
    if (mask.bias() != null) {
      in.add(mask.bias());
    }
    if (mask.blocked() != null) {
      in.add(mask.blocked());
    }
    if (mask.padding() != null) {
      in.add(mask.padding());
    }
    Attention op =
        new Attention(
            heads,
            heads,
            true,
            mask.causal(),
            mask.bias() != null,
            mask.blocked() != null,
            mask.padding() != null,
            weights);
    Tensor[] result = Tensor.applyAll(op, in.toArray(Tensor[]::new));
    Tensor y = out.forward(result[0]);
    return new Output(batchFirst ? y : y.transpose(0, 1), weights ? result[1] : null);
  }

  private List<Tensor> project(Tensor q, Tensor k, Tensor v) {
    if (inWeight == null || qWeight != null || kWeight != null || vWeight != null) {
      if (qWeight == null || kWeight == null || vWeight == null) {
        throw new IllegalStateException("multiHeadAttention: incomplete projections");
      }
      return List.of(
          linear(q, qWeight, bias(0)), linear(k, kWeight, bias(1)), linear(v, vWeight, bias(2)));
    }
    if (q == k && k == v) {
      return linear(q, inWeight, inBias).split(3, 2);
    }
    return List.of(
        linear(q, inWeight.slice(0, 0, width), bias(0)),
        linear(k, inWeight.slice(0, width, 2 * width), bias(1)),
        linear(v, inWeight.slice(0, 2 * width, 3 * width), bias(2)));
  }

  private @Nullable Tensor bias(int part) {
    return inBias == null ? null : inBias.slice(0, part * width, (part + 1) * width);
  }

  private static Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias) {
    return bias == null
        ? Tensor.apply(new Affine(), x, weight)
        : Tensor.apply(new Affine(), x, weight, bias);
  }

  /** The I32 mask that lets position i see positions up to i. */
  public static Tensor causalMask(int steps) {
    Tensor t = Tensor.zeros(dev.harpia.tensor.Shape.of(steps, steps), DType.I32);
    for (int i = 0; i < steps; i++) {
      for (int j = i + 1; j < steps; j++) {
        t.set(1, i, j);
      }
    }
    return t;
  }

  @Override
  protected String arguments() {
    return width + ", " + heads + " heads";
  }
}
