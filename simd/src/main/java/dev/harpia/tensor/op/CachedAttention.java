package dev.harpia.tensor.op;

import dev.harpia.simd.AttentionPass;
import dev.harpia.simd.AttentionShape;
import dev.harpia.simd.HeadLayout;
import dev.harpia.simd.Vectors;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Op;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Causal attention of T new positions over a cache of all earlier ones, for generating text: the
 * new keys and values are written into the cache, then the queries attend to everything up to
 * themselves. Equal to {@link Attention} over the whole sequence.
 *
 * <p>Inputs, heads side by side: q [B, T, H·D], k and v [B, T, H'·D], the caches of keys and values
 * [B, C, H'·D], which are <em>changed in place</em>, and position [T] (I32), whose first element
 * says where the new positions begin; or [B, T], where sequences are of different lengths. With
 * {@code rotary}, cosines and sines [C', D/2] follow, and queries and keys are turned (in halves)
 * by their positions. Output: y as q. No gradient.
 *
 * @param heads H, the query heads
 * @param kvHeads H', a divisor of H
 * @param rotary whether queries and keys are turned by {@link Rotary}'s angles
 */
public record CachedAttention(int heads, int kvHeads, boolean rotary) implements Op {
  @Override
  public DType[] types(DType... in) {
    for (int i = 0; i < in.length; i++) {
      DType wanted = i == 5 ? DType.I32 : DType.F32;
      if (in[i] != wanted) {
        throw new IllegalArgumentException(
            name() + ": operand " + i + " is " + in[i] + "; it must be " + wanted);
      }
    }
    return new DType[] {DType.F32};
  }

  @Override
  public Shape[] shapes(Shape... in) {
    int wanted = rotary ? 8 : 6;
    if (in.length != wanted) {
      throw new IllegalArgumentException(
          name() + ": " + in.length + " operands given; it takes " + wanted);
    }
    Shape q = in[0];
    Shape k = in[1];
    Shape cache = in[3];
    boolean ranks = q.rank() == 3 && k.rank() == 3 && cache.rank() == 3;
    if (!ranks || !k.equals(in[2]) || !cache.equals(in[4])) {
      throw new ShapeException(
          name(), "all must have rank 3, keys and values the same shapes", q, k, in[2], cache);
    }
    int d = q.dim(2) / Math.max(1, heads);
    boolean fits =
        heads >= 1
            && kvHeads >= 1
            && heads % kvHeads == 0
            && q.dim(2) == heads * d
            && k.dim(2) == kvHeads * d
            && cache.dim(2) == kvHeads * d
            && k.dim(0) == q.dim(0)
            && cache.dim(0) == q.dim(0)
            && k.dim(1) == q.dim(1)
            && q.dim(1) >= 1
            && (in[5].equals(Shape.of(q.dim(1))) || in[5].equals(Shape.of(q.dim(0), q.dim(1))));
    if (!fits || q.dim(1) > cache.dim(1)) {
      throw new ShapeException(
          name(),
          ("%1$d query heads and %2$d key heads of %3$d features, positions [%4$d] or [%5$d, %4$d],"
                  + " and at most %6$d steps")
              .formatted(heads, kvHeads, d, q.dim(1), q.dim(0), cache.dim(1)),
          q,
          k,
          cache,
          in[5]);
    }
    if (rotary
        && (d % 2 != 0
            || !in[6].equals(in[7])
            || in[6].rank() != 2
            || in[6].dim(1) != d / 2
            || in[6].dim(0) < cache.dim(1))) {
      throw new ShapeException(
          name(), "the tables must be [at least " + cache.dim(1) + ", " + d + "/2]", in[6], in[7]);
    }
    return new Shape[] {q};
  }

  @Override
  public void forward(Tensor[] in, Tensor[] out, Tensor[] saved) {
    bind(in, out).run();
  }

  @Override
  public Runnable bind(Tensor[] in, Tensor[] out) {
    return new Bound(this, in, out[0]);
  }

  @Override
  public boolean differentiable() {
    return false;
  }

  @Override
  public void backward(
      Tensor[] in, Tensor[] out, Tensor[] saved, @Nullable Tensor[] gOut, GradientSink gIn) {
    throw new IllegalStateException("cachedAttention: has no gradient; train with attention");
  }

  /** The operation on its operands, to run again and again without allocating. */
  private static final class Bound implements Runnable {
    private final boolean rotary;
    private final Tensor[] in;
    private final Tensor y;
    private final AttentionPass pass;
    private final HeadLayout q;
    private final HeadLayout k;
    private final HeadLayout cached;
    private final boolean apart; // whether each sequence has positions of its own
    private final int batch; // sequences of one pass
    private final int heads;
    private final int kvHeads;
    private final int steps;
    private final int capacity;
    private final int features;

    Bound(CachedAttention op, Tensor[] in, Tensor y) {
      this.in = in;
      this.y = y;
      rotary = op.rotary;
      heads = op.heads;
      kvHeads = op.kvHeads;
      apart = in[5].rank() == 2;
      batch = apart ? 1 : y.dim(0);
      steps = y.dim(1);
      capacity = in[3].dim(1);
      features = y.dim(2) / heads;
      q = HeadLayout.fused(steps, heads * features, features);
      k = HeadLayout.fused(steps, kvHeads * features, features);
      cached = HeadLayout.fused(capacity, kvHeads * features, features);
      float scale = (float) (1 / Math.sqrt(features));
      pass =
          new AttentionPass(
              new AttentionShape(
                  batch, heads, kvHeads, steps, capacity, features, scale, true, q, cached, cached,
                  q));
    }

    @Override
    public void run() {
      int passes = apart ? y.dim(0) : 1;
      for (int i = 0; i < passes; i++) {
        run(i, Vectors.getInt(in[5].address() + 4L * i * steps));
      }
    }

    private void run(int first, int position) {
      if (position < 0 || position + steps > capacity) {
        throw new IndexOutOfBoundsException(
            "cachedAttention: positions %d to %d: the cache has %d places"
                .formatted(position, position + steps - 1, capacity));
      }
      long row = 4L * kvHeads * features;
      long queries = 4L * first * steps * heads * features;
      long fresh = first * steps * row;
      long kept = (long) first * capacity * row;
      long keys = in[3].address() + kept;
      long values = in[4].address() + kept;
      for (int b = 0; b < batch; b++) {
        long to = ((long) b * capacity + position) * row;
        long from = fresh + (long) b * steps * row;
        Vectors.copy(in[2].address() + from, values + to, steps * row);
        if (!rotary) {
          Vectors.copy(in[1].address() + from, keys + to, steps * row);
        }
      }
      pass.q = in[0].address() + queries;
      pass.y = y.address() + queries;
      if (rotary) {
        turn(keys + position * row, cached, in[1].address() + fresh, k, kvHeads, position);
        // a head's queries are read before its results are written over them
        turn(pass.y, q, pass.q, q, heads, position);
        pass.q = pass.y;
      }
      pass.k = keys;
      pass.v = values;
      pass.keys = position + steps;
      pass.offset = position;
      pass.forward();
    }

    private void turn(long to, HeadLayout there, long from, HeadLayout here, int h, int position) {
      dev.harpia.simd.Rotary.turn(
          to,
          there,
          from,
          here,
          in[6].address(),
          in[7].address(),
          batch,
          h,
          steps,
          features,
          position,
          false,
          false,
          false);
    }
  }
}
