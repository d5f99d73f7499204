package dev.harpia.tensor.op;

import dev.harpia.simd.AttentionPass;
import dev.harpia.simd.AttentionShape;
import dev.harpia.simd.HeadLayout;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Op;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

/**
 * Scaled dot-product attention, {@code softmax(q·kᵀ/√D + bias)·v} (Vaswani et al. 2017), computed
 * in tiles: the scores of all positions never exist at once.
 *
 * <p>Inputs, in order: q [B, H, Tq, D], k and v [B, H', Tk, D], or with heads side by side [B, T,
 * H·D]; then those that the flags name: bias [Tq, Tk] or [B, H, Tq, Tk], added to the scores;
 * blocked (I32, of the same shapes): positions that are not seen; padding [B, Tk] (I32): keys that
 * no query sees. Output: y, laid out as q, and, where asked for, the weights [B, H, Tq, Tk].
 *
 * @param heads H, the query heads
 * @param kvHeads H', a divisor of H: groups of query heads share a key and value head
 * @param sideBySide whether heads lie side by side in the last axis
 * @param causal whether position i sees positions up to i, counted from the last key
 */
public record Attention(
    int heads,
    int kvHeads,
    boolean sideBySide,
    boolean causal,
    boolean bias,
    boolean blocked,
    boolean padding,
    boolean weights)
    implements Op {
  private static final Tensor[] NO_TENSORS = {};

  @Override
  public String name() {
    return "attention";
  }

  private int biasAt() {
    return 3;
  }

  private int blockedAt() {
    return bias ? 4 : 3;
  }

  private int paddingAt() {
    return blockedAt() + (blocked ? 1 : 0);
  }

  private int steps(Shape s) {
    return s.dim(-2);
  }

  private int features(Shape q) {
    return sideBySide ? q.dim(-1) / heads : q.dim(-1);
  }

  private HeadLayout layout(Shape s, int h, int d) {
    return sideBySide ? HeadLayout.fused(steps(s), h * d, d) : HeadLayout.split(h, steps(s), d);
  }

  /** The sizes and layouts of queries and of keys and values of these shapes. */
  public AttentionShape geometry(Shape q, Shape k) {
    int d = features(q);
    return new AttentionShape(
        q.dim(0),
        heads,
        kvHeads,
        steps(q),
        steps(k),
        d,
        (float) (1 / Math.sqrt(d)),
        causal,
        layout(q, heads, d),
        layout(k, kvHeads, d),
        layout(k, kvHeads, d),
        layout(q, heads, d));
  }

  @Override
  public DType[] types(DType... in) {
    for (int i = 0; i < in.length; i++) {
      DType wanted = i >= blockedAt() ? DType.I32 : DType.F32;
      if (in[i] != wanted) {
        throw new IllegalArgumentException(
            name() + ": operand " + i + " is " + in[i] + "; it must be " + wanted);
      }
    }
    return new DType[] {DType.F32};
  }

  @Override
  public Shape[] shapes(Shape... in) {
    int wanted = paddingAt() + (padding ? 1 : 0);
    if (in.length != wanted) {
      throw new IllegalArgumentException(
          name() + ": " + in.length + " operands given; it takes " + wanted);
    }
    Shape q = in[0];
    Shape k = in[1];
    int rank = sideBySide ? 3 : 4;
    if (q.rank() != rank || k.rank() != rank || !k.equals(in[2])) {
      throw new ShapeException(
          name(),
          "queries, keys and values must have rank " + rank + ", keys and values the same shape",
          q,
          k,
          in[2]);
    }
    int d = features(q);
    boolean fits =
        sideBySide
            ? q.dim(2) == heads * d && k.dim(2) == kvHeads * d
            : q.dim(1) == heads && k.dim(1) == kvHeads && k.dim(3) == d;
    if (heads < 1 || kvHeads < 1 || heads % kvHeads != 0 || !fits || q.dim(0) != k.dim(0)) {
      throw new ShapeException(
          name(),
          heads
              + " query heads and "
              + kvHeads
              + " key heads of "
              + d
              + " features: batch, heads and features must fit",
          q,
          k,
          in[2]);
    }
    Shape scores = Shape.of(q.dim(0), heads, steps(q), steps(k));
    for (int i = 3; i < paddingAt(); i++) {
      if (!in[i].equals(scores) && !in[i].equals(Shape.of(steps(q), steps(k)))) {
        throw new ShapeException(
            name(),
            "a mask must be [" + steps(q) + ", " + steps(k) + "] or " + scores,
            q,
            k,
            in[i]);
      }
    }
    if (padding && !in[paddingAt()].equals(Shape.of(q.dim(0), steps(k)))) {
      throw new ShapeException(
          name(),
          "the padding mask must be [" + q.dim(0) + ", " + steps(k) + "]",
          q,
          k,
          in[paddingAt()]);
    }
    return weights ? new Shape[] {q, scores} : new Shape[] {q};
  }

  @Override
  public Shape[] saved(Shape... in) {
    return new Shape[] {Shape.of(Math.toIntExact(geometry(in[0], in[1]).lseFloats()))};
  }

  private AttentionPass pass(Tensor[] in, Tensor[] out, Tensor[] saved) {
    AttentionPass p = new AttentionPass(geometry(in[0].shape(), in[1].shape()));
    p.q = in[0].address();
    p.k = in[1].address();
    p.v = in[2].address();
    p.y = out[0].address();
    p.offset = steps(in[1].shape()) - steps(in[0].shape());
    if (bias) {
      Tensor t = in[biasAt()];
      p.bias = t.address();
      p.biasBatch = t.rank() == 2 ? 0 : t.shape().size(1, 4);
      p.biasHead = t.rank() == 2 ? 0 : t.shape().size(2, 4);
      p.biasRow = t.dim(-1);
    }
    if (blocked) {
      Tensor t = in[blockedAt()];
      p.blocked = t.address();
      p.blockedBatch = t.rank() == 2 ? 0 : t.shape().size(1, 4);
      p.blockedHead = t.rank() == 2 ? 0 : t.shape().size(2, 4);
      p.blockedRow = t.dim(-1);
    }
    p.padding = padding ? in[paddingAt()].address() : 0;
    p.lse = saved.length > 0 ? saved[0].address() : 0;
    p.weights = weights ? out[1].address() : 0;
    return p;
  }

  @Override
  public void forward(Tensor[] in, Tensor[] out, Tensor[] saved) {
    pass(in, out, saved).forward();
  }

  @Override
  public Runnable bind(Tensor[] in, Tensor[] out) {
    AttentionPass p = pass(in, out, NO_TENSORS);
    return () -> {
      p.forward();
      Reference.reachabilityFence(in);
      Reference.reachabilityFence(out);
    };
  }

  @Override
  public void backward(
      Tensor[] in, Tensor[] out, Tensor[] saved, @Nullable Tensor[] gOut, GradientSink gIn) {
    AttentionPass p = pass(in, out, saved);
    Tensor gy = gOut[0];
    p.gy = (gy == null ? zero(gIn, out[0].shape()) : gy).address();
    Tensor gw = weights ? gOut[1] : null;
    p.gWeights = gw == null ? 0 : gw.address();
    p.addQ = Pass.adding(gIn, in, 0);
    p.gq = gIn.wanted(0) ? gIn.target(0).address() : 0;
    p.addK = Pass.adding(gIn, in, 1);
    p.gk = gIn.wanted(1) ? gIn.target(1).address() : 0;
    p.addV = Pass.adding(gIn, in, 2);
    p.gv = gIn.wanted(2) ? gIn.target(2).address() : 0;
    if (bias && gIn.wanted(biasAt())) {
      p.addBias = Pass.adding(gIn, in, biasAt());
      p.gBias = gIn.target(biasAt()).address();
    }
    p.backward();
  }

  private static Tensor zero(GradientSink gIn, Shape shape) {
    Tensor t = gIn.temporary(shape);
    dev.harpia.simd.Vectors.zero(t.address(), 4 * t.size());
    return t;
  }
}
