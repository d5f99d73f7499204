package dev.harpia.nn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MetricsTest {
  private static Tensor said(int... classes) {
    float[][] rows = new float[classes.length][3];
    for (int i = 0; i < classes.length; i++) {
      rows[i][classes[i]] = 1;
    }
    return Tensor.of(rows);
  }

  private static double value(Metric m, Tensor output, Tensor target) {
    m.add(output, target);
    return m.value();
  }

  /** By hand: truth 0 0 1 1 2 2, said 0 1 1 1 2 0. */
  @Test
  void confusionAndWhatFollowsFromIt() {
    Tensor output = said(0, 1, 1, 1, 2, 0);
    Tensor target = Tensor.of(0, 0, 1, 1, 2, 2);
    ConfusionMatrix m = new ConfusionMatrix(3);
    assertThat(value(m, output, target)).isEqualTo(4 / 6.0);
    assertThat(m.count(0, 1)).isEqualTo(1);
    assertThat(m.count(2, 0)).isEqualTo(1);
    assertThat(m.precision(0)).isEqualTo(0.5);
    assertThat(m.precision(1)).isEqualTo(2 / 3.0);
    assertThat(m.recall(1)).isEqualTo(1);
    assertThat(m.f1(1)).isCloseTo(0.8, within(1e-12));
    assertThat(value(Metric.precision(3), output, target))
        .isCloseTo((0.5 + 2 / 3.0 + 1) / 3, within(1e-12));
    assertThat(value(Metric.recall(3), output, target)).isCloseTo(2 / 3.0, within(1e-12));
    assertThat(value(Metric.f1(3), output, target))
        .isCloseTo((0.5 + 0.8 + 2 / 3.0) / 3, within(1e-12));
    // A class that occurs nowhere does not count.
    assertThat(value(Metric.recall(3), said(0, 0), Tensor.of(0, 1))).isEqualTo(0.5);
    assertThatThrownBy(() -> new ConfusionMatrix(4).add(output, target))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("must have 4 classes");
    assertThatThrownBy(() -> new ConfusionMatrix(0)).hasMessageContaining("0 classes");
  }

  @Test
  void binaryScores() {
    Tensor output = Tensor.of(new float[][] {{.9f}, {.6f}, {.4f}, {.2f}, {.7f}});
    Tensor target = Tensor.of(1, 0, 1, 0, 1);
    assertThat(value(Metric.binaryAccuracy(.5f), output, target)).isEqualTo(0.6);
    for (var kind : BinaryScore.Kind.values()) {
      double expected = kind == BinaryScore.Kind.ACCURACY ? 0.6 : 2 / 3.0;
      assertThat(value(new BinaryScore(kind, .5f), output, target)).isEqualTo(expected);
      if (kind != BinaryScore.Kind.ACCURACY) {
        assertThat(value(new BinaryScore(kind, 2), output, Tensor.zeros(5))).isZero();
      }
    }
    assertThatThrownBy(() -> Metric.binaryAccuracy(0).add(output, Tensor.of(1, 0, 2, 0, 1)))
        .hasMessage("accuracy: target 2.0 at position 2: must be 0 or 1");
    assertThatThrownBy(() -> Metric.binaryAccuracy(0).add(output, Tensor.of(1, 0)))
        .isInstanceOf(ShapeException.class);
    assertThatThrownBy(() -> Metric.mse().add(output, Tensor.zeros(1, 5)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("the same shape");
  }

  /** Against the definition: all pairs of an example of class 1 and one of class 0. */
  @Test
  void theAreaUnderTheRocCurve() {
    Rng rng = new Rng(4);
    float[] scores = new float[60];
    int[] truth = new int[60];
    for (int i = 0; i < 60; i++) {
      truth[i] = rng.below(2);
      scores[i] = rng.below(8) + truth[i]; // with ties
    }
    double right = 0;
    int pairs = 0;
    for (int i = 0; i < 60; i++) {
      for (int j = 0; j < 60; j++) {
        if (truth[i] == 1 && truth[j] == 0) {
          pairs++;
          right += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? .5 : 0;
        }
      }
    }
    assertThat(value(Metric.rocAuc(), Tensor.of(scores), Tensor.of(truth)))
        .isCloseTo(right / pairs, within(1e-12));
    assertThat(value(Metric.rocAuc(), Tensor.of(1f, -0f, 0f), Tensor.of(1, 0, 1))).isEqualTo(0.75);
    assertThat(value(Metric.rocAuc(), Tensor.of(1f, 2f), Tensor.of(1, 1))).isNaN();
    assertThat(value(Metric.rocAuc(), Tensor.of(1f, Float.NaN), Tensor.of(1, 0))).isNaN();
  }

  @Test
  void errorsOfNumbers() {
    Tensor output = Tensor.of(2.5f, 0f, 2f, 8f);
    Tensor target = Tensor.of(3f, -0.5f, 2f, 7f);
    assertThat(value(Metric.mse(), output, target)).isEqualTo(0.375);
    assertThat(value(Metric.mae(), output, target)).isEqualTo(0.5);
    assertThat(value(Metric.r2(), output, target)).isCloseTo(0.9486081370449679, within(1e-12));
    float far = 1 << 20;
    assertThat(
            value(
                Metric.r2(),
                Tensor.of(far + 2.5f, far, far + 2, far + 8),
                Tensor.of(far + 3, far - 0.5f, far + 2, far + 7)))
        .isCloseTo(0.9486081370449679, within(1e-9));
    Metric perplexity = Metric.perplexity();
    perplexity.add(Tensor.zeros(5, 7), Tensor.of(0, 1, 2, 6, -100));
    assertThat(perplexity.value()).isCloseTo(7, within(1e-12));
    perplexity.add(Tensor.full(1000, 1, 7), Tensor.of(3)); // no overflow
    assertThat(perplexity.value()).isCloseTo(7, within(1e-12));
    assertThat(perplexity.higherIsBetter()).isFalse();
  }

  static List<Metric> classMetrics() {
    return List.of(
        Metric.accuracy(),
        Metric.topK(2),
        new ConfusionMatrix(4),
        Metric.precision(4),
        Metric.recall(4),
        Metric.f1(4),
        Metric.perplexity());
  }

  static List<Metric> numberMetrics() {
    return List.of(
        Metric.binaryAccuracy(0), Metric.rocAuc(), Metric.mse(), Metric.mae(), Metric.r2());
  }

  @ParameterizedTest
  @MethodSource("classMetrics")
  void partsOfClassMetricsMerge(Metric kind) {
    Rng rng = new Rng(1);
    int[] truth = new int[100];
    java.util.Arrays.setAll(truth, _ -> rng.below(4));
    merge(kind, Tensor.normal(rng, 0, 1, Shape.of(100, 4)), Tensor.of(truth));
  }

  @ParameterizedTest
  @MethodSource("numberMetrics")
  void partsOfNumberMetricsMerge(Metric kind) {
    Rng rng = new Rng(1);
    int[] truth = new int[100];
    java.util.Arrays.setAll(truth, _ -> rng.below(2));
    merge(kind, Tensor.normal(rng, 0, 1, Shape.of(100)), Tensor.of(truth));
  }

  private static void merge(Metric kind, Tensor output, Tensor target) {
    double whole = value(kind.fresh(), output, target);
    Metric a = kind.fresh();
    Metric b = kind.fresh();
    a.add(output.slice(0, 0, 30), target.slice(0, 0, 30));
    b.add(output.slice(0, 30, 70), target.slice(0, 30, 70));
    Metric restored = kind.fresh();
    restored.restore(b.state());
    restored.add(output.slice(0, 70, 100), target.slice(0, 70, 100));
    a.merge(restored);
    a.merge(kind.fresh());
    Metric into = kind.fresh();
    into.merge(a);
    assertThat(into.value()).isCloseTo(whole, within(1e-12));
    assertThat(whole).isNotNaN().isBetween(-20.0, 20.0);
    Metric other = kind.name().equals("mse") ? Metric.mae() : Metric.mse();
    assertThatThrownBy(() -> a.merge(other)).hasMessageContaining("of the same kind");
    assertThatThrownBy(() -> a.restore(new double[17])).hasMessageContaining("a state has");
  }
}
