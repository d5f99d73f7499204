package dev.harpia.models.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.harpia.nn.Loss;
import dev.harpia.nn.Parameter;
import dev.harpia.nn.optim.AdamW;
import dev.harpia.tensor.Gradients;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.CrossEntropy;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class BertTest {
  private static final BertConfig SMALL = BertConfig.of(13, 9, 2, 3, 12);

  private static Tensor tokens(int n, int t, long seed) {
    Rng rng = new Rng(seed);
    int[] v = new int[n * t];
    Arrays.setAll(v, i -> rng.below(13));
    return Tensor.of(v, Shape.of(n, t));
  }

  private static Bert bert() {
    Rng.seed(3);
    Bert b = new Bert(SMALL);
    // weights so large that attention matters
    b.parameters()
        .forEach(
            p -> {
              if (p.value().rank() == 2) {
                p.value().copyFrom(p.value().mul(15f));
              }
            });
    return b;
  }

  @Test
  void shapesAndSizes() {
    Bert bert = bert();
    int e = 12;
    int block = 4 * e * e + 4 * e + 2 * 4 * e * e + 4 * e + e + 4 * e;
    assertThat(bert.parameterCount()).isEqualTo((13 + 9 + 2) * e + 2 * e + 2 * block);
    Tensor x = tokens(2, 7, 1);
    assertThat(bert.forward(x).shape()).isEqualTo(Shape.of(2, 7, 12));
    assertThat(new MaskedLanguageModel(bert).forward(x).shape()).isEqualTo(Shape.of(2, 7, 13));
    assertThat(new TextClassifier(bert, 4).forward(x).shape()).isEqualTo(Shape.of(2, 4));
    assertThatThrownBy(() -> bert.forward(tokens(1, 10, 1))).hasMessageContaining("T at most 9");
    assertThatThrownBy(() -> BertConfig.of(10, 4, 1, 5, 12)).hasMessageContaining("5 equal heads");
    assertThatThrownBy(() -> BertConfig.of(0, 4, 1, 1, 12)).hasMessageContaining("vocabulary 0");
  }

  @Test
  void everyPositionSeesBothSides() {
    Bert bert = bert();
    Tensor x = tokens(1, 7, 1);
    float[] y = bert.forward(x).toArray();
    for (int changed : new int[] {0, 6}) {
      int[] v = x.toIntArray();
      v[changed] = (v[changed] + 1) % 13;
      float[] z = bert.forward(Tensor.of(v, Shape.of(1, 7))).toArray();
      double moved = 0;
      for (int i = 0; i < 12; i++) {
        moved += Math.abs(z[3 * 12 + i] - y[3 * 12 + i]);
      }
      assertThat(moved).as("position 3 after a change of %d", changed).isGreaterThan(1e-3);
    }
  }

  @Test
  void paddingIsNotSeenAndSegmentsAre() {
    Bert bert = bert();
    Tensor x = tokens(1, 5, 2);
    float[] alone = bert.forward(x).toArray();
    int[] longer = Arrays.copyOf(x.toIntArray(), 8);
    longer[5] = 4;
    longer[6] = 9;
    Tensor padding = Tensor.of(new int[] {0, 0, 0, 0, 0, 1, 1, 1}, Shape.of(1, 8));
    Tensor y = bert.encode(Tensor.of(longer, Shape.of(1, 8)), null, padding, false).y();
    float[] padded = y.slice(1, 0, 5).toArray();
    for (int i = 0; i < alone.length; i++) {
      assertThat(padded[i]).isCloseTo(alone[i], within(1e-5f));
    }
    Tensor zeros = Tensor.of(new int[5], Shape.of(1, 5));
    Tensor ones = Tensor.of(new int[] {1, 1, 1, 1, 1}, Shape.of(1, 5));
    assertThat(bert.encode(x, zeros, null, false).y().toArray()).isEqualTo(alone);
    assertThat(bert.encode(x, ones, null, false).y().toArray()).isNotEqualTo(alone);
  }

  @Test
  void attentionAddsUpToOneAndChangesNothing() {
    Bert bert = bert();
    Tensor x = tokens(2, 6, 4);
    Tensor padding = Tensor.of(new int[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1}, Shape.of(2, 6));
    Bert.Encoded e = bert.encode(x, null, padding, true);
    assertThat(e.y().toArray())
        .containsExactly(bert.encode(x, null, padding, false).y().toArray(), Offset.offset(1e-5f));
    assertThat(e.attention()).hasSize(2);
    for (Tensor a : e.attention()) {
      assertThat(a.shape()).isEqualTo(Shape.of(2, 3, 6, 6));
      float[] w = a.toArray();
      for (int row = 0; row < 36; row++) {
        float sum = 0;
        for (int j = 0; j < 6; j++) {
          sum += w[6 * row + j];
        }
        assertThat(sum).isCloseTo(1, within(1e-5f));
        if (row >= 18) { // the second text has four words
          assertThat(w[6 * row + 4]).isZero();
          assertThat(w[6 * row + 5]).isZero();
        }
      }
    }
  }

  /** Against differences of the loss, in the directions of all weights of some layers at once. */
  @Test
  void gradients() {
    MaskedLanguageModel model = new MaskedLanguageModel(bert());
    Tensor x = tokens(2, 6, 5);
    Tensor y = tokens(2, 6, 6);
    List<Parameter> all = model.parameters();
    assertThat(all).hasSize(2 * 12 + 5 + 5);
    Tensor loss = Loss.crossEntropy(model.forward(x), y);
    Gradients g = Gradients.of(loss, all.stream().map(Parameter::value).toList());
    for (Parameter p : all) {
      Tensor t = p.value();
      float[] before = t.toArray();
      float[] d = Tensor.normal(new Rng(9), 0, 1, t.shape()).toArray();
      float[] slope = g.wrt(t).toArray();
      double expected = 0;
      float h = 5e-4f;
      double[] at = new double[2];
      for (int side = 0; side < 2; side++) {
        float[] moved = before.clone();
        for (int i = 0; i < d.length; i++) {
          moved[i] += (side == 0 ? -h : h) * d[i];
        }
        t.copyFrom(moved);
        at[side] = Loss.crossEntropy(model.forward(x), y).item();
      }
      t.copyFrom(before);
      for (int i = 0; i < d.length; i++) {
        expected += d[i] * (double) slope[i];
      }
      double size = 0.02 + 0.05 * Math.abs(expected);
      assertThat((at[1] - at[0]) / (2 * h)).as(p.name()).isCloseTo(expected, within(size));
    }
  }

  @Test
  void classifierLearnsWhichWordOccurs() {
    Rng.seed(1);
    TextClassifier model = new TextClassifier(new Bert(BertConfig.of(13, 9, 1, 2, 16)), 2);
    AdamW optimizer = new AdamW(model.parameters(), 3e-3);
    Rng rng = new Rng(2);
    float loss = 1;
    for (int step = 0; step < 300; step++) {
      int[] x = new int[16 * 6];
      int[] y = new int[16];
      Arrays.setAll(x, i -> rng.below(12));
      for (int i = 0; i < 16; i++) {
        y[i] = i % 2;
        if (y[i] == 1) {
          x[6 * i + 1 + rng.below(5)] = 12;
        }
      }
      try (var _ = Scope.open()) {
        Tensor l = Loss.crossEntropy(model.forward(Tensor.of(x, Shape.of(16, 6))), Tensor.of(y));
        optimizer.step(l);
        loss = l.item();
      }
    }
    assertThat(loss).isLessThan(0.35f); // ln 2 = 0.69 at first
  }

  @Test
  void masksHideSomeAndTellWhat() {
    int[] text = new int[1000];
    Arrays.setAll(text, i -> i % 100);
    Masking m = Masking.of(text, 0.15, 3, 100, t -> t <= 3, new Rng(1));
    int chosen = 0;
    int hidden = 0;
    int same = 0;
    for (int i = 0; i < text.length; i++) {
      if (m.targets()[i] == CrossEntropy.IGNORE) {
        assertThat(m.tokens()[i]).isEqualTo(text[i]);
      } else {
        assertThat(m.targets()[i]).isEqualTo(text[i]).isGreaterThan(3);
        chosen++;
        hidden += m.tokens()[i] == 3 ? 1 : 0;
        same += m.tokens()[i] == text[i] ? 1 : 0;
      }
    }
    assertThat(chosen).isEqualTo(144); // of 960 that may be
    assertThat(hidden).isBetween(100, 130); // eight in ten: 115
    assertThat(same).isBetween(4, 26); // one in ten, and draws that would have been fixed tokens
    assertThat(Masking.of(new int[] {1, 2}, 0.15, 3, 9, t -> t <= 3, new Rng(1)).targets())
        .containsOnly(CrossEntropy.IGNORE);
    assertThat(Masking.of(new int[] {7}, 0.15, 3, 9, t -> t <= 3, new Rng(1)).targets())
        .containsExactly(7);
    assertThatThrownBy(() -> Masking.of(text, 0, 3, 9, t -> false, new Rng(1)))
        .hasMessageContaining("share 0.0");
  }
}
