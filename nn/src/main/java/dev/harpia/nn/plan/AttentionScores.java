package dev.harpia.nn.plan;

import dev.harpia.nn.plan.Graph.Step;
import dev.harpia.nn.plan.Graph.Value;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.Op;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Binary;
import dev.harpia.tensor.op.MatMul;
import dev.harpia.tensor.op.Pointwise;
import dev.harpia.tensor.op.Reshape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a softmax is taken of, read backwards: {@code q·kᵀ·scale + mask}, or nothing of the kind.
 */
final class AttentionScores {
  /** Below this a float has no room for a score beside it: replaced by it, or added to it. */
  private static final float HIDDEN = -1e30f;

  /** A mask: what is added, or {@code hidden} where {@code condition} is as {@code when}. */
  private record Mask(Value added, @Nullable Value condition, boolean when) {}

  final Value q;
  final Value k;

  /** Whether k is [.., T, D] and not [.., D, T]. */
  final boolean transposed;

  final Scale scale;
  private final List<Mask> masks;

  private AttentionScores(Value q, Value k, boolean transposed, Scale scale, List<Mask> masks) {
    this.q = q;
    this.k = k;
    this.transposed = transposed;
    this.scale = scale;
    this.masks = masks;
  }

  /** What made a value that nothing else reads. */
  static @Nullable Step only(Value v, Map<Value, Integer> uses) {
    return uses.getOrDefault(v, 0) == 1 && !v.constant ? v.producer : null;
  }

  /** The value before reshapes that keep its rows, which nothing else reads. */
  static Value sameRows(Value v, Map<Value, Integer> uses) {
    Value found = v;
    for (Step from = only(v, uses);
        from != null && from.op instanceof Reshape && rows(from.in[0]) == rows(found);
        from = only(found, uses)) {
      found = from.in[0];
    }
    return found;
  }

  /** The length of a row; −1 for a single number. */
  private static int rows(Value v) {
    return v.shape.rank() == 0 ? -1 : v.shape.dim(-1);
  }

  static @Nullable AttentionScores of(Value v, Map<Value, Integer> uses) {
    return of(v, uses, Scale.ONE, List.of());
  }

  private static @Nullable AttentionScores of(
      Value v, Map<Value, Integer> uses, Scale scale, List<Mask> masks) {
    Step from = only(sameRows(v, uses), uses);
    if (from == null || scale.factors().size() + masks.size() > StridedView.FARTHEST) {
      return null;
    }
    if (from.op instanceof MatMul m) {
      return m.transposeA()
          ? null
          : new AttentionScores(from.in[0], from.in[1], m.transposeB(), scale, masks);
    }
    Scale.Factor factor = Scale.factor(from);
    if (factor != null) {
      return of(factor.of(), uses, scale.times(factor), masks);
    }
    if (!scale.factors().isEmpty() || !(from.op instanceof Pointwise p)) {
      return null; // a mask that is scaled afterwards
    }
    if (p.formula() == Binary.ADD.formula()) {
      for (int i = 0; i < 2; i++) {
        AttentionScores found = masked(from, i, uses, masks, new Mask(from.in[1 - i], null, true));
        if (found != null) {
          return found;
        }
      }
    }
    if (p.formula() == Binary.WHERE.formula() && hidden(from.in[1])) {
      return masked(from, 2, uses, masks, new Mask(from.in[1], from.in[0], true));
    }
    if (p.formula() == Binary.WHERE.formula() && hidden(from.in[2])) {
      return masked(from, 1, uses, masks, new Mask(from.in[2], from.in[0], false));
    }
    if (p.formula() == Binary.MASKED_FILL && p.p0() <= HIDDEN) {
      return masked(from, 1, uses, masks, new Mask(Scale.number(p.p0()), from.in[0], true));
    }
    return null;
  }

  private static @Nullable AttentionScores masked(
      Step from, int at, Map<Value, Integer> uses, List<Mask> masks, Mask mask) {
    if (!from.in[at].shape.equals(from.out[0].shape)) {
      return null;
    }
    List<Mask> all = new ArrayList<>(masks);
    all.add(mask);
    return of(from.in[at], uses, Scale.ONE, all);
  }

  private static boolean hidden(Value v) {
    Tensor leaf = v.constant && v.shape.size() == 1 ? v.leaf : null;
    return leaf != null && leaf.reshape(1).toArray()[0] <= HIDDEN;
  }

  /** What is to be added to the scores, which steps compute that are added to {@code steps}. */
  @Nullable Value bias(List<Step> steps) {
    Value sum = null;
    for (Mask m : masks) {
      Value one = m.added;
      if (m.condition != null) {
        Value zero = Scale.number(0);
        Value then = m.when ? m.added : zero;
        Value otherwise = m.when ? zero : m.added;
        Shape shape = m.condition.shape.broadcast("mask", m.added.shape);
        one = add(steps, Binary.WHERE, shape, m.condition, then, otherwise);
      }
      sum =
          sum == null
              ? one
              : add(steps, Binary.ADD, sum.shape.broadcast("mask", one.shape), sum, one);
    }
    return sum;
  }

  /** Adds a step of one result. */
  static Value add(List<Step> steps, Op op, Shape shape, Value... in) {
    Value v = new Value(shape, DType.F32, null, false);
    steps.add(new Step(op, in, new Value[] {v}));
    return v;
  }
}
