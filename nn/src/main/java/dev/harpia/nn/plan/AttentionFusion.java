package dev.harpia.nn.plan;

import dev.harpia.nn.plan.Graph.Step;
import dev.harpia.nn.plan.Graph.Value;
import dev.harpia.simd.AttentionShape;
import dev.harpia.simd.HeadLayout;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.op.Attention;
import dev.harpia.tensor.op.MatMul;
import dev.harpia.tensor.op.Permute;
import dev.harpia.tensor.op.Reshape;
import dev.harpia.tensor.op.Softmax;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Attention as one step: what is written out as {@code softmax(q·kᵀ·scale + mask)·v}, as models in
 * ONNX have it (within 1e-5 of the separate operations; queries that see no key at all get zeros
 * instead of NaN), and {@link Attention} on parts of one projection, which it then reads where they
 * lie (bit for bit the same).
 */
final class AttentionFusion {
  private AttentionFusion() {}

  static final List<Rule> RULES =
      List.of(AttentionFusion::written, AttentionFusion::merged, AttentionFusion::split);

  // ---- softmax(q·kᵀ·scale + mask)·v

  private static @Nullable List<Step> written(Step step, Map<Value, Integer> uses) {
    if (!(step.op instanceof MatMul m) || m.transposeA() || m.transposeB() || step.constant()) {
      return null;
    }
    Value weights = AttentionScores.sameRows(step.in[0], uses);
    Step softmax = AttentionScores.only(weights, uses);
    if (softmax == null
        || !(softmax.op instanceof Softmax s)
        || s.log()
        || weights.shape.axis(s.axis()) != weights.shape.rank() - 1) {
      return null;
    }
    AttentionScores scores = AttentionScores.of(softmax.in[0], uses);
    return scores == null ? null : fuse(step, scores);
  }

  private static @Nullable List<Step> fuse(Step step, AttentionScores scores) {
    List<Step> steps = new ArrayList<>();
    StridedView q = rows(scores.q, steps, false);
    StridedView k = rows(scores.k, steps, !scores.transposed);
    StridedView v = rows(step.in[1], steps, false);
    v = v.scale().factors().isEmpty() ? v : StridedView.whole(step.in[1]);
    int rank = q.rank();
    boolean fits = rank >= 2 && rank <= 4 && k.rank() == rank && v.rank() == rank;
    fits = fits && k.dim(2) == v.dim(2) && k.dim(2) > 0;
    for (int i = 0; fits && i < 4; i++) {
      int n = q.dim(i);
      fits = n > 0 && (i == 2 || n == k.dim(i) && n == v.dim(i));
    }
    if (!fits) {
      return null;
    }
    int heads = q.dim(1);
    int keys = k.dim(2);
    int features = q.dim(3);
    Value bias = scores.bias(steps);
    if (bias != null && !broadcasts(bias.shape, q.dim(0), heads, q.dim(2), keys)) {
      return null;
    }
    List<Value> in = new ArrayList<>(List.of(q.source(), k.source(), v.source()));
    in.add(scores.scale.times(q.scale()).times(k.scale()).value(steps));
    boolean flagged = false;
    if (bias != null) {
      in.add(bias);
      flagged = bias.constant;
      if (flagged) {
        CausalMask op = new CausalMask(q.dim(2), keys);
        in.add(AttentionScores.add(steps, op, Shape.of(1), bias));
      }
    }
    Shape y = step.out[0].shape;
    HeadLayout out = HeadLayout.split(heads, q.dim(2), features);
    AttentionShape sizes =
        new AttentionShape(
            q.dim(0), heads, heads, q.dim(2), keys, features, 1, false, layout(q), layout(k),
            layout(v), out);
    PlannedAttention op =
        new PlannedAttention(
            bias == null ? "matmul+softmax+matmul" : "matmul+mask+softmax+matmul",
            sizes,
            List.of(q.offset(), k.offset(), v.offset()),
            bias == null ? null : mask(bias.shape),
            flagged,
            null,
            false,
            List.of(y));
    steps.add(new Step(op, in.toArray(Value[]::new), step.out));
    return steps;
  }

  /**
   * A view with the features of a row side by side, of the value itself where its origins do not
   * lie so.
   *
   * @param swap whether the last two axes are to be exchanged
   */
  private static StridedView rows(Value v, List<Step> steps, boolean swap) {
    if (v.shape.rank() < 2) {
      return StridedView.whole(v);
    }
    StridedView far = swap ? StridedView.of(v).swapped() : StridedView.of(v);
    if (far.rows()) {
      return far;
    }
    if (!swap) {
      return StridedView.whole(v);
    }
    int n = v.shape.rank();
    List<Integer> order = StridedView.exchanged(n);
    Shape shape = v.shape.with(n - 2, v.shape.dim(n - 1)).with(n - 1, v.shape.dim(n - 2));
    return StridedView.whole(AttentionScores.add(steps, new Permute(order), shape, v));
  }

  private static HeadLayout layout(StridedView v) {
    return new HeadLayout(v.stride(0), v.stride(1), v.stride(2));
  }

  private static boolean broadcasts(Shape mask, int... scores) {
    if (mask.rank() > 4 || mask.rank() < 1 || mask.dim(-1) != scores[3]) {
      return false;
    }
    for (int i = 0; i < mask.rank() - 1; i++) {
      int n = mask.dim(i);
      if (n != 1 && n != scores[i + 4 - mask.rank()]) {
        return false;
      }
    }
    return true;
  }

  /** Where the rows of a mask lie that broadcasts to the scores. */
  private static HeadLayout mask(Shape s) {
    long[] strides = new long[4];
    long next = 1;
    for (int i = s.rank() - 1; i >= 0; i--) {
      strides[i + 4 - s.rank()] = s.dim(i) == 1 ? 0 : next;
      next *= s.dim(i);
    }
    return new HeadLayout(strides[0], strides[1], strides[2]);
  }

  // ---- results with heads side by side

  /** [B, H, T, D] turned to [B, T, H, D] is written so at once. */
  private static @Nullable List<Step> merged(Step step, Map<Value, Integer> uses) {
    if (!(step.op instanceof Permute p) || !p.order().equals(List.of(0, 2, 1, 3))) {
      return null;
    }
    Step from = AttentionScores.only(step.in[0], uses);
    if (from == null || !(from.op instanceof PlannedAttention a) || from.out.length > 1) {
      return null;
    }
    Shape y = step.out[0].shape;
    HeadLayout fused = HeadLayout.fused(y.dim(1), y.dim(2) * y.dim(3), y.dim(3));
    return List.of(new Step(a.into(fused, y), from.in, step.out));
  }

  // ---- attention on parts of a projection

  private static @Nullable List<Step> split(Step step, Map<Value, Integer> uses) {
    if (!(step.op instanceof Attention a) || step.constant()) {
      return null;
    }
    StridedView[] views = new StridedView[3];
    boolean parts = false;
    for (int i = 0; i < 3; i++) {
      StridedView far = StridedView.of(step.in[i]);
      boolean copied = copied(step.in[i]) && far.rows() && far.scale().factors().isEmpty();
      views[i] = copied ? far : StridedView.whole(step.in[i]);
      parts |= copied;
    }
    if (!parts || step.in[0].shape.size() == 0 || step.in[1].shape.size() == 0) {
      return null;
    }
    AttentionShape sizes = a.geometry(step.in[0].shape, step.in[1].shape);
    List<Value> in = new ArrayList<>();
    List<Long> at = new ArrayList<>();
    for (StridedView v : views) {
      in.add(v.source());
      at.add(v.offset());
    }
    in.add(Scale.number(sizes.scale()));
    int next = 3;
    HeadLayout bias = a.bias() ? mask(step.in[next++].shape) : null;
    HeadLayout blocked = a.blocked() ? mask(step.in[next].shape) : null;
    in.addAll(List.of(step.in).subList(3, step.in.length));
    List<Shape> outputs = new ArrayList<>();
    for (Value v : step.out) {
      outputs.add(v.shape);
    }
    int d = sizes.features();
    AttentionShape there =
        new AttentionShape(
            sizes.batch(),
            sizes.heads(),
            sizes.kvHeads(),
            sizes.queries(),
            sizes.keys(),
            d,
            sizes.scale(),
            sizes.causal(),
            a.sideBySide() ? fused(views[0], d) : layout(views[0]),
            a.sideBySide() ? fused(views[1], d) : layout(views[1]),
            a.sideBySide() ? fused(views[2], d) : layout(views[2]),
            sizes.y());
    PlannedAttention op =
        new PlannedAttention(
            "slices+attention", there, at, bias, false, blocked, a.padding(), outputs);
    return List.of(new Step(op, in.toArray(Value[]::new), step.out));
  }

  /** Whether a value is made by moving elements. */
  private static boolean copied(Value v) {
    for (Step s = v.producer; s != null && !v.constant; s = s.in[0].producer) {
      boolean moves = s.op instanceof Permute || s.op instanceof dev.harpia.tensor.op.Slice;
      if (moves && !s.op.view()) {
        return true;
      }
      if (!moves && !(s.op instanceof Reshape)) {
        return false;
      }
    }
    return false;
  }

  /** [B, T, H·D] with heads side by side. */
  private static HeadLayout fused(StridedView v, int features) {
    return new HeadLayout(v.stride(1), features, v.stride(2));
  }
}
