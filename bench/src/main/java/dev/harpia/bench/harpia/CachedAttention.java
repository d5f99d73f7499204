package dev.harpia.bench.harpia;

import dev.harpia.simd.AttentionPass;
import dev.harpia.simd.AttentionShape;
import dev.harpia.simd.HeadLayout;
import dev.harpia.simd.Vectors;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Op;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Attention of one query to the keys and values of all positions so far, which it keeps: [H, 256,
 * D] each.
 *
 * <p>Inputs: query, key and value side by side [1, 3·H·D], position [1] (I32); output [1, H·D].
 */
final class CachedAttention implements Op {
  private static final int H = Gpt.HEADS;
  private static final int D = Gpt.WIDTH / H;
  private static final int CAPACITY = Gpt.LENGTH;

  private final Tensor keys = Tensor.zeros(H, CAPACITY, D);
  private final Tensor values = Tensor.zeros(H, CAPACITY, D);
  private final AttentionPass pass =
      new AttentionPass(
          new AttentionShape(
              1,
              H,
              H,
              1,
              CAPACITY,
              D,
              (float) (1 / Math.sqrt(D)),
              false,
              HeadLayout.fused(1, H * D, D),
              HeadLayout.split(H, CAPACITY, D),
              HeadLayout.split(H, CAPACITY, D),
              HeadLayout.fused(1, H * D, D)));

  CachedAttention() {}

  @Override
  public Shape[] shapes(Shape... in) {
    return new Shape[] {Shape.of(1, H * D)};
  }

  @Override
  public DType[] types(DType... in) {
    return new DType[] {DType.F32};
  }

  @Override
  public void forward(Tensor[] in, Tensor[] out, Tensor[] saved) {
    long qkv = in[0].address();
    int position = Vectors.getInt(in[1].address());
    long row = 4L * D;
    for (int h = 0; h < H; h++) {
      long at = row * ((long) h * CAPACITY + position);
      Vectors.copy(qkv + row * (H + h), keys.address() + at, row);
      Vectors.copy(qkv + row * (2 * H + h), values.address() + at, row);
    }
    pass.q = qkv;
    pass.k = keys.address();
    pass.v = values.address();
    pass.y = out[0].address();
    pass.keys = position + 1;
    pass.forward();
  }

  @Override
  public void backward(
      Tensor[] in, Tensor[] out, Tensor[] saved, @Nullable Tensor[] gOut, GradientSink gIn) {
    throw new UnsupportedOperationException("cachedAttention: only for generation");
  }
}
