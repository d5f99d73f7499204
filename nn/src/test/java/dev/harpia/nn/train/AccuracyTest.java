package dev.harpia.nn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import org.junit.jupiter.api.Test;

class AccuracyTest {
  private static final Tensor SCORES =
      Tensor.of(new float[][] {{3, 2, 1}, {1, 2, 3}, {2, 2, 1}, {Float.NaN, 9, 1}});

  @Test
  void theLargestScoreCountsTiesGoToTheFirstAndNanIsWrong() {
    Metric m = Metric.accuracy();
    m.add(SCORES, Tensor.of(0, 2, 1, 1));
    assertThat(m.value()).isEqualTo(0.5);
    m.add(SCORES, Tensor.of(0, 2, 0, -100)); // the last is left out
    assertThat(m.value()).isEqualTo(5 / 7.0);
    Metric top = Metric.topK(2);
    top.add(SCORES, Tensor.of(1, 0, 1, 1)); // NaN counts as the largest
    assertThat(top.value()).isEqualTo(0.75);
    assertThat(top.name()).isEqualTo("top2");
  }

  @Test
  void targetsMayBeProbabilities() {
    Metric m = Metric.accuracy();
    m.add(
        Tensor.of(new float[][] {{3, 2}, {1, 2}}),
        Tensor.of(new float[][] {{.9f, .1f}, {.6f, .4f}}));
    assertThat(m.value()).isEqualTo(0.5);
  }

  @Test
  void partsMergeAndStatesAreRestored() {
    Metric a = Metric.accuracy();
    Metric b = a.fresh();
    assertThat(a.value()).isNaN();
    a.add(SCORES, Tensor.of(0, 0, 0, 1));
    b.add(SCORES, Tensor.of(0, 2, 0, 1));
    a.merge(b);
    assertThat(a.value()).isEqualTo(5 / 8.0);
    Metric c = a.fresh();
    c.restore(a.state());
    assertThat(c.value()).isEqualTo(5 / 8.0);
    assertThatThrownBy(() -> a.merge(Metric.topK(2))).hasMessageContaining("of the same kind");
    assertThatThrownBy(() -> c.restore(new double[1])).hasMessageContaining("has 2 numbers");
  }

  @Test
  void shapesAndClassesAreChecked() {
    assertThatThrownBy(() -> Metric.accuracy().add(SCORES, Tensor.of(1, 2)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("accuracy")
        .hasMessageContaining("[4, 3]");
    assertThatThrownBy(() -> Metric.accuracy().add(SCORES, Tensor.of(0, 3, 0, 0)))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessageContaining("class 3 in row 1");
    assertThatThrownBy(() -> Metric.topK(0)).hasMessageContaining("at least 1");
  }
}
