package dev.harpia.nn.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.harpia.nn.Layer;
import dev.harpia.nn.LayerNorm;
import dev.harpia.nn.MultiHeadAttention;
import dev.harpia.nn.MultiHeadAttention.Mask;
import dev.harpia.nn.RMSNorm;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Residual connections, attention and linear layers, fused in plans. */
class TransformerFusionTest {
  private static final float NEVER = Float.NEGATIVE_INFINITY;

  private static Tensor normal(int seed, int... dims) {
    return Tensor.normal(new Rng(seed), 0, 1, Shape.of(dims));
  }

  /** The plan, whose outputs are those of eager execution within a tolerance; 0 for its bits. */
  private static Plan check(float tolerance, Plan.Computation f, Tensor... x) {
    Map<String, Tensor> named = new LinkedHashMap<>();
    Input[] inputs = new Input[x.length];
    for (int i = 0; i < x.length; i++) {
      named.put("in" + i, x[i]);
      inputs[i] = new Input("in" + i, x[i].shape(), x[i].type());
    }
    Plan plan = Plan.compile(f, inputs);
    check(tolerance, plan, f, named);
    return plan;
  }

  private static void check(
      float tolerance, Plan plan, Plan.Computation f, Map<String, Tensor> named) {
    Plan.Workspace w = plan.newWorkspace();
    for (int run = 0; run < 2; run++) {
      named.forEach((name, t) -> w.input(name).copyFrom(t));
      w.run();
      try (var _ = Scope.inference()) {
        f.apply(named)
            .forEach(
                (name, y) -> {
                  assertThat(w.output(name).shape()).isEqualTo(y.shape());
                  if (tolerance == 0) {
                    assertThat(w.output(name).toArray()).as(name).containsExactly(y.toArray());
                  } else {
                    assertThat(w.output(name).toArray())
                        .as(name)
                        .containsExactly(y.toArray(), Offset.offset(tolerance));
                  }
                });
      }
    }
  }

  private static Tensor in(Map<String, Tensor> in, int i) {
    return in.getOrDefault("in" + i, Tensor.scalar(0));
  }

  // ---- residual connections

  /** Sizes around vectors, four vectors, and blocks of sums. */
  @Test
  void sums_and_norms_are_one_step_with_the_same_bits() {
    for (int d : new int[] {1, 3, 16, 33, 64, 77, 4096, 4101}) {
      Layer[] norms = {
        new LayerNorm(d), new LayerNorm(Shape.of(d), 1e-5f, false, false), new RMSNorm(d)
      };
      for (Layer norm : norms) {
        norm.state().values().forEach(t -> t.copyFrom(normal(8, t.shape().dims())));
        Plan plan =
            check(
                0,
                in -> {
                  Tensor sum = in(in, 0).add(in(in, 1));
                  return Map.of("y", norm.forward(sum), "stream", sum.mul(sum));
                },
                normal(1, 2, 3, d),
                normal(2, 2, 3, d));
        assertThat(plan.describe())
            .contains(norm instanceof RMSNorm ? "add+rmsNorm" : "add+layerNorm")
            .contains("2 steps");
      }
    }
  }

  @Test
  void a_sum_that_nobody_else_reads_is_not_written() {
    LayerNorm norm = new LayerNorm(24);
    Plan plan =
        check(
            0, in -> Map.of("y", norm.forward(in(in, 0).add(in(in, 0).relu()))), normal(1, 5, 24));
    assertThat(plan.describe()).contains("relu").contains("add+layerNorm").contains("2 steps");
    assertThat(plan.newWorkspace().output().shape()).isEqualTo(Shape.of(5, 24));
  }

  @Test
  void sums_of_other_shapes_stand_alone() {
    LayerNorm norm = new LayerNorm(24);
    Plan plan =
        check(
            0,
            in -> Map.of("y", norm.forward(in(in, 0).add(in(in, 1)))),
            normal(1, 5, 24),
            normal(2, 24));
    assertThat(plan.describe()).doesNotContain("add+layerNorm");
  }

  // ---- attention on parts of a projection

  @Test
  void attention_reads_a_projection_where_it_lies() {
    MultiHeadAttention layer = new MultiHeadAttention(40, 4);
    Tensor x = normal(1, 2, 9, 40);
    Tensor blocked = Tensor.zeros(Shape.of(9, 9), DType.I32);
    blocked.set(1, 3, 4);
    blocked.set(1, 0, 8);
    Tensor padding = Tensor.zeros(Shape.of(2, 9), DType.I32);
    padding.set(1, 1, 8);
    Mask[] masks = {
      Mask.NONE,
      Mask.CAUSAL,
      new Mask(false, blocked, null, null),
      new Mask(true, null, normal(5, 2, 4, 9, 9), padding),
      new Mask(false, blocked, normal(6, 9, 9), padding)
    };
    for (Mask mask : masks) {
      Plan plan = check(0, in -> Map.of("y", layer.forward(in(in, 0), mask)), x);
      assertThat(plan.describe()).contains("slices+attention").contains("3 steps");
    }
    check(
        0,
        in -> {
          MultiHeadAttention.Output o =
              layer.forward(in(in, 0), in(in, 0), in(in, 0), masks[3], true);
          return Map.of("y", o.y(), "weights", o.weights() == null ? o.y() : o.weights());
        },
        x);
  }

  // ---- attention written out

  /** [N, T, H·D] to [N, H, T, D]. */
  private static Tensor heads(Tensor x, int heads) {
    return x.reshape(x.dim(0), x.dim(1), heads, -1).permute(0, 2, 1, 3);
  }

  private static Tensor joined(Tensor y) {
    return y.permute(0, 2, 1, 3).reshape(y.dim(0), y.dim(2), -1);
  }

  private static Tensor causal(int queries, int keys) {
    Tensor m = Tensor.zeros(queries, keys);
    for (int i = 0; i < queries; i++) {
      for (int j = i + keys - queries + 1; j < keys; j++) {
        m.set(NEVER, i, j);
      }
    }
    return m;
  }

  /** Scores to weights in several ways; the first input is a projection [2, 7, 3·12]. */
  private static Plan written(Plan.Computation f, Tensor... more) {
    Tensor[] x = new Tensor[more.length + 1];
    x[0] = normal(1, 2, 7, 36);
    System.arraycopy(more, 0, x, 1, more.length);
    return check(1e-5f, f, x);
  }

  private static Tensor part(Map<String, Tensor> in, int i) {
    return heads(in(in, 0).slice(2, 12 * i, 12 * (i + 1)), 3);
  }

  private static Map<String, Tensor> result(Map<String, Tensor> in, Tensor scores) {
    return Map.of("y", joined(scores.softmax(-1).matmul(part(in, 2))));
  }

  @Test
  void attention_written_out_is_one_step() {
    Plan plan =
        written(in -> result(in, part(in, 0).mul(0.5f).matmul(part(in, 1).permute(0, 1, 3, 2))));
    assertThat(plan.describe())
        .contains("matmul+softmax+matmul")
        .contains("2 steps") // with a view
        .doesNotContain("permute")
        .doesNotContain("slice");
    Tensor four = Tensor.of(new float[] {4}).copy();
    plan = written(in -> result(in, part(in, 0).matmulT(part(in, 1)).div(four)));
    assertThat(plan.describe()).contains("matmul+softmax+matmul").contains("2 steps");
    plan =
        written(
            in -> {
              Tensor k = in(in, 0).slice(2, 12, 24).reshape(2, 7, 3, 4).permute(0, 2, 3, 1);
              return result(in, part(in, 0).matmul(k.mul(0.7f)).mul(0.7f));
            });
    assertThat(plan.describe()).contains("matmul+softmax+matmul").contains("2 steps");
  }

  @Test
  void masks_go_into_attention() {
    Tensor causal = causal(7, 7).copy();
    Plan plan = written(in -> result(in, part(in, 0).matmulT(part(in, 1)).mul(0.5f).add(causal)));
    assertThat(plan.describe()).contains("matmul+mask+softmax+matmul").contains("2 steps");
    Tensor hidden = Tensor.of(new float[] {-3.4e38f}).copy();
    Tensor padding = Tensor.zeros(Shape.of(2, 1, 1, 7), DType.I32);
    padding.set(1, 1, 0, 0, 5);
    plan =
        written(
            in ->
                result(
                    in,
                    Tensor.where(in(in, 1), hidden, part(in, 0).matmulT(part(in, 1)).add(causal))),
            padding);
    assertThat(plan.describe()).contains("matmul+mask+softmax+matmul").doesNotContain("softmax ");
    plan =
        written(
            in -> result(in, part(in, 0).matmulT(part(in, 1)).maskedFill(in(in, 1), NEVER)),
            padding);
    assertThat(plan.describe()).contains("matmul+mask+softmax+matmul");
    plan =
        written(
            in -> result(in, in(in, 1).add(part(in, 0).matmulT(part(in, 1)))),
            normal(3, 2, 3, 7, 7));
    assertThat(plan.describe()).contains("matmul+mask+softmax+matmul").contains("2 steps");
  }

  @Test
  void a_later_query_sees_all_keys_before_it() {
    Tensor mask = causal(3, 8).copy();
    Plan plan =
        check(
            1e-5f,
            in -> Map.of("y", in(in, 0).matmulT(in(in, 1)).add(mask).softmax(-1).matmul(in(in, 2))),
            normal(1, 5, 3, 4),
            normal(2, 5, 8, 4),
            normal(3, 5, 8, 4));
    assertThat(plan.describe()).contains("matmul+mask+softmax+matmul").contains("1 steps");
  }

  /** Where something else is computed than attention, nothing is fused. */
  @Test
  void what_only_looks_like_attention_is_left_alone() {
    Tensor causal = causal(7, 7).copy();
    Tensor small = Tensor.of(new float[] {-5}).copy();
    Tensor some = Tensor.zeros(Shape.of(7, 7), DType.I32);
    some.set(1, 2, 3);
    Plan.Computation[] others = {
      in -> result(in, part(in, 0).matmulT(part(in, 1)).add(causal).mul(0.5f)),
      in -> result(in, Tensor.where(some, small, part(in, 0).matmulT(part(in, 1)))),
      in -> {
        Tensor scores = part(in, 0).matmulT(part(in, 1));
        return Map.of("s", scores, "y", scores.softmax(-1).matmul(part(in, 2)));
      },
      in -> {
        Tensor weights = part(in, 0).matmulT(part(in, 1)).softmax(-1);
        return Map.of("w", weights, "y", weights.matmul(part(in, 2)));
      },
      in -> result(in, part(in, 0).matmulT(part(in, 1)).softmax(2)),
      in -> result(in, part(in, 0).matmulT(part(in, 1)).tanh()),
    };
    for (Plan.Computation f : others) {
      assertThat(written(f).describe()).doesNotContain("softmax+matmul");
    }
  }

  @Test
  void refreshing_looks_again_at_scales_masks_and_weights() {
    Tensor scale = Tensor.of(new float[] {0.5f}).copy();
    Tensor mask = causal(7, 7).copy();
    Tensor weight = normal(4, 12, 12).copy();
    Tensor bias = normal(5, 12).copy();
    Plan.Computation f =
        in -> {
          Tensor scores = part(in, 0).matmulT(part(in, 1)).mul(scale).add(mask);
          Tensor y = joined(scores.softmax(-1).matmul(part(in, 2)));
          return Map.of("y", y.matmul(weight).add(bias));
        };
    Tensor x = normal(1, 2, 7, 36);
    Plan plan = check(1e-5f, f, x);
    assertThat(plan.describe()).contains("linear").contains("3 steps");
    Plan.Workspace w = plan.newWorkspace(); // lives through the refresh
    w.input("in0").copyFrom(x);
    w.run();
    float[] before = w.output().toArray();
    scale.copyFrom(new float[] {2});
    mask.copyFrom(normal(6, 7, 7));
    weight.copyFrom(normal(7, 12, 12));
    bias.copyFrom(normal(8, 12));
    plan.refresh();
    w.run();
    assertThat(w.output().toArray()).isNotEqualTo(before);
    try (var _ = Scope.inference()) {
      float[] eager = f.apply(Map.of("in0", x)).values().iterator().next().toArray();
      assertThat(w.output().toArray()).containsExactly(eager, Offset.offset(1e-4f));
    }
  }

  @Test
  void products_and_biases_become_linear_layers() {
    Tensor w = normal(3, 20, 30).copy();
    Tensor b = normal(4, 30).copy();
    for (int rows : new int[] {1, 4}) {
      Plan plan =
          check(
              1e-5f * 4,
              in -> Map.of("y", in(in, 0).matmul(w).add(b).relu()),
              normal(1, 1, rows, 20));
      assertThat(plan.describe()).contains("linear+relu").contains("1 steps");
    }
  }
}
