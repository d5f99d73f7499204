package dev.harpia.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Attention;
import dev.harpia.tensor.op.CachedAttention;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/**
 * Attention over a cache, which changes its operands in place and so cannot be a line of {@link
 * OpCases}: position by position it computes what attention over the whole sequence does.
 */
class CachedAttentionTest {
  private static final int STEPS = 7;

  @Test
  void step_by_step_as_at_once() {
    Rng rng = new Rng(4);
    Tensor q = Tensor.normal(rng, 0, 1, Shape.of(2, STEPS, 4 * 3));
    Tensor k = Tensor.normal(rng, 0, 1, Shape.of(2, STEPS, 2 * 3));
    Tensor v = Tensor.normal(rng, 0, 1, Shape.of(2, STEPS, 2 * 3));
    Attention whole = new Attention(4, 2, true, true, false, false, false, false);
    Tensor expected = Tensor.applyAll(whole, q, k, v)[0];
    Tensor keys = Tensor.zeros(2, STEPS + 1, 6);
    Tensor values = Tensor.zeros(2, STEPS + 1, 6);
    CachedAttention op = new CachedAttention(4, 2, false);
    for (int from = 0; from < STEPS; ) {
      // three positions at first, as a prompt, then one at a time
      int to = from == 0 ? 3 : from + 1;
      int[] positions = new int[to - from];
      positions[0] = from;
      Tensor y =
          Tensor.apply(
              op,
              q.slice(1, from, to),
              k.slice(1, from, to),
              v.slice(1, from, to),
              keys,
              values,
              Tensor.of(positions));
      assertThat(y.toArray())
          .containsExactly(expected.slice(1, from, to).toArray(), Offset.offset(1e-5f));
      from = to;
    }
    assertThatThrownBy(
            () ->
                Tensor.apply(
                    op,
                    q.slice(1, 0, 2),
                    k.slice(1, 0, 2),
                    v.slice(1, 0, 2),
                    keys,
                    values,
                    Tensor.of(STEPS, STEPS + 1)))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("cachedAttention: positions 7 to 8: the cache has 8 places");
  }

  /** Sequences of different lengths in one call are what each is alone. */
  @Test
  void positions_of_their_own() {
    Rng rng = new Rng(5);
    int heads = 4;
    int kvHeads = 2;
    int d = 6;
    for (boolean rotary : new boolean[] {false, true}) {
      CachedAttention op = new CachedAttention(heads, kvHeads, rotary);
      Tensor cos = Tensor.normal(rng, 0, 1, Shape.of(9, d / 2));
      Tensor sin = Tensor.normal(rng, 0, 1, Shape.of(9, d / 2));
      Tensor q = Tensor.normal(rng, 0, 1, Shape.of(3, 2, heads * d));
      Tensor k = Tensor.normal(rng, 0, 1, Shape.of(3, 2, kvHeads * d));
      Tensor v = Tensor.normal(rng, 0, 1, Shape.of(3, 2, kvHeads * d));
      Tensor keys = Tensor.normal(rng, 0, 1, Shape.of(3, 9, kvHeads * d));
      Tensor values = Tensor.normal(rng, 0, 1, Shape.of(3, 9, kvHeads * d));
      int[] starts = {5, 0, 7};
      Tensor[] expected = new Tensor[3];
      Tensor[] kept = new Tensor[3];
      for (int b = 0; b < 3; b++) {
        kept[b] = keys.slice(0, b, b + 1).copy();
        Tensor own = values.slice(0, b, b + 1).copy();
        Tensor at = Tensor.of(starts[b], starts[b] + 1);
        Tensor qb = q.slice(0, b, b + 1);
        Tensor kb = k.slice(0, b, b + 1);
        Tensor vb = v.slice(0, b, b + 1);
        expected[b] =
            rotary
                ? Tensor.apply(op, qb, kb, vb, kept[b], own, at, cos, sin)
                : Tensor.apply(op, qb, kb, vb, kept[b], own, at);
      }
      Tensor positions = Tensor.of(new int[] {5, 6, 0, 1, 7, 8}, Shape.of(3, 2));
      Tensor y =
          rotary
              ? Tensor.apply(op, q, k, v, keys, values, positions, cos, sin)
              : Tensor.apply(op, q, k, v, keys, values, positions);
      for (int b = 0; b < 3; b++) {
        assertThat(y.slice(0, b, b + 1).toArray()).isEqualTo(expected[b].toArray());
        assertThat(keys.slice(0, b, b + 1).toArray()).isEqualTo(kept[b].toArray());
      }
    }
  }
}
