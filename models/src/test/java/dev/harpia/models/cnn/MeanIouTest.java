package dev.harpia.models.cnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import org.junit.jupiter.api.Test;

class MeanIouTest {
  @Test
  void countsPixelsOfEachClass() {
    // called 0 1 1 0, true 0 1 0 0; class 2 neither occurs nor is called
    float[] logits = {1, 0, 0, 1, 0, 1, 1, 0, -1, -1, -1, -1};
    MeanIou metric = new MeanIou(3);
    metric.add(
        Tensor.of(logits, Shape.of(1, 3, 2, 2)),
        Tensor.of(new int[] {0, 1, 0, 0}, Shape.of(1, 2, 2)));
    assertThat(metric.of(0)).isEqualTo(2.0 / 3);
    assertThat(metric.of(1)).isEqualTo(1.0 / 2);
    assertThat(metric.of(2)).isNaN();
    assertThat(metric.value()).isCloseTo(7.0 / 12, within(1e-12));
    assertThat(metric.accuracy()).isEqualTo(0.75);
    MeanIou twice = new MeanIou(3);
    twice.restore(metric.state());
    twice.merge(metric);
    assertThat(twice.value()).isEqualTo(metric.value());
  }
}
