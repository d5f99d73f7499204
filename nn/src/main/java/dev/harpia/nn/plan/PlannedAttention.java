package dev.harpia.nn.plan;

import dev.harpia.simd.AttentionPass;
import dev.harpia.simd.AttentionShape;
import dev.harpia.simd.HeadLayout;
import dev.harpia.simd.Vectors;
import dev.harpia.tensor.GradientSink;
import dev.harpia.tensor.Op;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.lang.ref.Reference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Attention whose queries, keys and values lie inside other values, such as one projection of all
 * three, and whose result may lie with its heads side by side.
 *
 * <p>Operands: what q, k and v lie in; the scale (one number); then those that are there: bias, a
 * flag that says whether it is a causal mask ({@link CausalMask}), blocked, padding. Outputs: y,
 * and the weights where asked for.
 *
 * @param name for listings
 * @param sizes with any scale; with {@code causal} as {@code Attention}'s
 * @param at where q, k and v begin, in elements
 * @param bias how it is laid out, or null
 * @param flagged whether the bias comes with the flag
 * @param blocked how it is laid out, or null
 * @param padding whether keys of each batch element are hidden
 * @param outputs their shapes
 */
record PlannedAttention(
    String name,
    AttentionShape sizes,
    List<Long> at,
    @Nullable HeadLayout bias,
    boolean flagged,
    @Nullable HeadLayout blocked,
    boolean padding,
    List<Shape> outputs)
    implements Op {
  @Override
  public Shape[] shapes(Shape... in) {
    return outputs.toArray(Shape[]::new);
  }

  @Override
  public boolean differentiable() {
    return false;
  }

  /** With the result elsewhere. */
  PlannedAttention into(HeadLayout y, Shape shape) {
    return new PlannedAttention(
        name,
        sized(sizes.scale(), sizes.causal(), y),
        at,
        bias,
        flagged,
        blocked,
        padding,
        List.of(shape));
  }

  private AttentionShape sized(float scale, boolean causal, HeadLayout y) {
    return new AttentionShape(
        sizes.batch(),
        sizes.heads(),
        sizes.kvHeads(),
        sizes.queries(),
        sizes.keys(),
        sizes.features(),
        scale,
        causal,
        sizes.q(),
        sizes.k(),
        sizes.v(),
        y);
  }

  long flops() {
    return 4L * sizes.batch() * sizes.heads() * sizes.queries() * sizes.keys() * sizes.features();
  }

  @Override
  public void forward(Tensor[] in, Tensor[] out, Tensor[] saved) {
    bind(in, out).run();
  }

  @Override
  public Runnable bind(Tensor[] in, Tensor[] out) {
    return new Bound(this, in, out);
  }

  @Override
  public void backward(
      Tensor[] in, Tensor[] out, Tensor[] saved, @Nullable Tensor[] gOut, GradientSink gIn) {
    throw new IllegalStateException(name + ": plans have no gradients");
  }

  /** The operation on its operands. Scale and flag are constants, which a refresh may change. */
  private static final class Bound implements Runnable {
    private final PlannedAttention op;
    private final Tensor[] in;
    private final Tensor[] out;
    private AttentionPass pass;
    private float scale;
    private boolean masked;

    Bound(PlannedAttention op, Tensor[] in, Tensor... out) {
      this.op = op;
      this.in = in;
      this.out = out;
      scale = Vectors.get(in[3].address());
      masked = mask();
      pass = pass();
    }

    /** Whether the bias is a causal mask. */
    private boolean mask() {
      return op.flagged && Vectors.get(in[5].address()) != 0;
    }

    private AttentionPass pass() {
      AttentionShape s = op.sizes;
      AttentionPass p = new AttentionPass(op.sized(scale, s.causal() || masked, s.y()));
      p.q = in[0].address() + 4 * op.at.get(0);
      p.k = in[1].address() + 4 * op.at.get(1);
      p.v = in[2].address() + 4 * op.at.get(2);
      p.y = out[0].address();
      p.offset = s.keys() - s.queries();
      int next = 4;
      if (op.bias != null) {
        p.bias = masked ? 0 : in[next].address();
        p.biasBatch = op.bias.batch();
        p.biasHead = op.bias.head();
        p.biasRow = op.bias.row();
        next += op.flagged ? 2 : 1;
      }
      if (op.blocked != null) {
        p.blocked = in[next++].address();
        p.blockedBatch = op.blocked.batch();
        p.blockedHead = op.blocked.head();
        p.blockedRow = op.blocked.row();
      }
      p.padding = op.padding ? in[next].address() : 0;
      p.weights = out.length > 1 ? out[1].address() : 0;
      return p;
    }

    @Override
    public void run() {
      float now = Vectors.get(in[3].address());
      if (Float.floatToRawIntBits(now) != Float.floatToRawIntBits(scale) || mask() != masked) {
        scale = now;
        masked = mask();
        pass = pass();
      }
      pass.forward();
      Reference.reachabilityFence(in);
      Reference.reachabilityFence(out);
    }
  }
}
