package dev.harpia.nn.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.harpia.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClipTest {
  @Test
  void normsOfAllKinds() {
    List<Tensor> g = List.of(Tensor.of(3f, -4f), Tensor.of(12f), Tensor.zeros(0));
    assertThat(Clip.norm(g, 100, 2)).isCloseTo(13, within(1e-6));
    assertThat(Clip.norm(g, 100, 1)).isCloseTo(19, within(1e-6));
    assertThat(Clip.norm(g, 100, 3)).isCloseTo(Math.cbrt(27 + 64 + 1728), within(1e-5));
    assertThat(Clip.norm(g, 100, Double.POSITIVE_INFINITY)).isEqualTo(12);
    assertThat(g.get(0).toArray()).containsExactly(3f, -4f); // all below the limit
    assertThat(Clip.norm(g, 6.5, 2)).isCloseTo(13, within(1e-6));
    assertThat(g.get(0).toArray()).containsExactly(new float[] {1.5f, -2f}, within(1e-5f));
  }

  @Test
  void aNormWhoseSquareExceedsFloats() {
    List<Tensor> g = List.of(Tensor.of(3e30f, 0f), Tensor.of(-4e30f));
    assertThat(Clip.norm(g, 1, 2)).isCloseTo(5e30, within(1e24));
    assertThat(g.get(1).toArray()).containsExactly(new float[] {-0.8f}, within(1e-6f));
  }

  @Test
  void valuesAndLimits() {
    Tensor g = Tensor.of(0.5f, -3f, 2f);
    Clip.value(List.of(g), 1);
    assertThat(g.toArray()).containsExactly(0.5f, -1f, 1f);
    assertThatThrownBy(() -> Clip.value(List.of(g), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("clip: value 0.0: must be positive");
    assertThatThrownBy(() -> Clip.norm(List.of(g), 1, Double.NaN))
        .hasMessage("clip: p NaN: must be positive");
  }
}
