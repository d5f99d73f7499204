package dev.harpia.models.seq2seq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.harpia.models.seq2seq.Seq2SeqTask.Pair;
import dev.harpia.nn.Loss;
import dev.harpia.nn.TransformerConfig;
import dev.harpia.nn.optim.AdamW;
import dev.harpia.tensor.Gradients;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class Seq2SeqTest {
  private static Seq2Seq model() {
    Rng.seed(5);
    return new Seq2Seq(9, 7, TransformerConfig.of(12, 3, 24).withDropout(0), 2, 8);
  }

  private static Tensor ids(int... v) {
    return Tensor.of(v, Shape.of(1, v.length));
  }

  @Test
  void theDecoderSeesThePastAndAllOfTheSource() {
    Seq2Seq model = model();
    float[] y = model.forward(ids(1, 2, 3, 4), ids(1, 3, 4, 5)).toArray();
    assertThat(y).hasSize(4 * 7);
    float[] later = model.forward(ids(1, 2, 3, 4), ids(1, 3, 4, 6)).toArray();
    assertThat(Arrays.copyOf(later, 21)).isEqualTo(Arrays.copyOf(y, 21));
    assertThat(later).isNotEqualTo(y);
    float[] other = model.forward(ids(1, 2, 3, 8), ids(1, 3, 4, 5)).toArray();
    assertThat(Math.abs(other[0] - y[0])).isGreaterThan(1e-6f);
    // the order of the source matters: positions are added
    float[] swapped = model.forward(ids(2, 1, 3, 4), ids(1, 3, 4, 5)).toArray();
    assertThat(swapped).isNotEqualTo(y);
  }

  @Test
  void paddingOfTheSourceIsNotSeen() {
    Seq2Seq model = model();
    float[] y = model.forward(ids(1, 2, 3), ids(1, 3, 4)).toArray();
    float[] padded = model.forward(ids(1, 2, 3, 0, 0), ids(1, 3, 4)).toArray();
    for (int i = 0; i < y.length; i++) {
      assertThat(padded[i]).isCloseTo(y[i], within(1e-5f));
    }
    int[][] one = model.write(ids(1, 2, 3), 6);
    int[][] two = model.write(Tensor.of(new int[] {1, 2, 3, 0, 4, 5, 6, 7}, Shape.of(2, 4)), 6);
    assertThat(two[0]).isEqualTo(one[0]); // written beside others as alone
    assertThat(two[1].length).isLessThanOrEqualTo(6);
    assertThat(model.training()).isTrue();
  }

  @Test
  void gradientsReachEveryWeight() {
    Seq2Seq model = model();
    Tensor loss =
        Loss.crossEntropy(
            model.forward(ids(1, 2, 3, 4, 5, 6, 7, 8), ids(1, 2, 3, 4, 5, 6)),
            ids(2, 3, 4, 5, 6, 1));
    var all = model.parameters();
    Gradients g = Gradients.of(loss, all.stream().map(p -> p.value()).toList());
    all.forEach(
        p -> {
          float[] slope = g.wrt(p.value()).toArray();
          double size = 0;
          for (float v : slope) {
            size += Math.abs(v);
          }
          assertThat(size).as(p.name()).isGreaterThan(0).isFinite();
        });
  }

  @Test
  void learnsPairsByHeart() {
    Seq2Seq model = model();
    AdamW optimizer = new AdamW(model.parameters(), 3e-3);
    Tensor from = Tensor.of(new int[] {1, 2, 3, 4, 5, 0}, Shape.of(2, 3)).copy();
    Tensor seen = Tensor.of(new int[] {1, 6, 5, 4, 1, 3, 3, 0}, Shape.of(2, 4)).copy();
    Tensor to = Tensor.of(new int[] {6, 5, 4, 2, 3, 3, 2, 0}, Shape.of(2, 4)).copy();
    for (int i = 0; i < 200; i++) {
      try (var _ = Scope.open()) {
        optimizer.step(
            Loss.crossEntropy(
                model.forward(from, seen),
                to,
                null,
                dev.harpia.tensor.op.Reduction.MEAN,
                0,
                Seq2Seq.PAD));
      }
    }
    assertThat(model.write(from, 8)).isDeepEqualTo(new int[][] {{6, 5, 4}, {3, 3}});
  }

  @Test
  void tasksAndTheirHeldOutPairs() {
    assertThat(Seq2SeqTask.english(0)).containsExactly("zero");
    assertThat(String.join(" ", Seq2SeqTask.english(700_016)))
        .isEqualTo("seven hundred thousand sixteen");
    assertThat(String.join(" ", Seq2SeqTask.english(999_999)))
        .isEqualTo("nine hundred ninety nine thousand nine hundred ninety nine");
    assertThat(Seq2SeqTask.english(20)).containsExactly("twenty");
    for (Seq2SeqTask task : Seq2SeqTask.values()) {
      Seq2SeqData data = new Seq2SeqData(task, 50, 1);
      List<Pair> held = data.held();
      assertThat(held).hasSize(50).doesNotHaveDuplicates();
      for (Pair p : data.draw(2000, new Rng(3))) {
        assertThat(held).doesNotContain(p);
        assertThat(task.sourceWords()).containsAll(p.source());
        assertThat(p.source().size()).isBetween(1, Seq2SeqTask.longest());
        assertThat(p.target().size()).isLessThan(Seq2SeqTask.longest());
      }
      Seq2SeqData.Batch b = data.batch(held.subList(0, 3));
      int[] first = b.target().select(0, 0).toIntArray();
      int n = held.getFirst().target().size();
      assertThat(data.words(Arrays.copyOf(first, n))).isEqualTo(held.getFirst().target());
      assertThat(first[n]).isEqualTo(Seq2Seq.END);
      assertThat(b.seen().select(0, 0).toIntArray()[0]).isEqualTo(Seq2Seq.BEGIN);
    }
  }

  @Test
  void badSizes() {
    TransformerConfig c = TransformerConfig.of(12, 3, 24);
    assertThatThrownBy(() -> new Seq2Seq(9, 3, c, 1, 8)).hasMessageContaining("9 and 3");
    assertThatThrownBy(() -> model().forward(ids(1), ids(1, 2, 3, 4, 5, 6, 1, 2, 3)))
        .hasMessageContaining("T at most 8");
  }
}
