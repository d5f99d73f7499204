package dev.harpia.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class TensorTest {
  @Test
  void prints_its_shape_and_values() {
    assertThat(Tensor.of(new float[][] {{1, 2.5f}, {-3, 4}}))
        .hasToString("Tensor[2, 2] [[1, 2.5000], [-3, 4]]");
    assertThat(Tensor.arange(100)).hasToString("Tensor[100] I32 [0, 1, 2, …, 97, 98, 99]");
  }

  @Test
  void shapes_are_worked_out_and_checked() {
    Tensor t = Tensor.zeros(2, 3, 4);
    assertThat(t.reshape(-1, 6).shape()).isEqualTo(Shape.of(4, 6));
    assertThat(t.flatten(1).shape()).isEqualTo(Shape.of(2, 12));
    assertThat(t.transpose(0, -1).shape()).isEqualTo(Shape.of(4, 3, 2));
    assertThat(Tensor.zeros(0, 3).sum().item()).isZero();
    assertThatThrownBy(() -> t.reshape(5, -1))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("24 elements do not fall into groups of 5");
    assertThatThrownBy(() -> Tensor.zeros(64, 100).matmul(Tensor.zeros(784, 10)))
        .hasMessage("matmul: [64, 100] and [784, 10]: inner dimensions 100 and 784 differ");
    assertThatThrownBy(() -> Tensor.zeros(2, 3).add(Tensor.zeros(2, 4)))
        .hasMessage(
            "add: [2, 3] and [2, 4]: dimension -1 is 3 and 4; they must be equal, or one of them"
                + " 1");
    assertThatThrownBy(() -> t.slice(1, 2, 5)).hasMessageContaining("axis 1 of length 3");
    assertThatThrownBy(() -> t.get(0, 3, 0)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> Tensor.zeros(2).add(Tensor.of(1, 2)))
        .as("floats and ints do not mix")
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void foreign_memory_is_read_as_it_lies_and_not_overrun() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment m = arena.allocate(4 * 24, 4);
      for (int i = 0; i < 24; i++) {
        m.setAtIndex(ValueLayout.JAVA_FLOAT, i, i);
      }
      Tensor x = Tensor.wrap(m.asSlice(4, 4 * 19), Shape.of(19));
      assertThat(x.add(1f).sum().item()).isEqualTo(19 * 20 / 2 + 19);
      x.copyFrom(new float[19]);
      assertThat(m.getAtIndex(ValueLayout.JAVA_FLOAT, 0)).isZero();
      assertThat(m.getAtIndex(ValueLayout.JAVA_FLOAT, 20)).isEqualTo(20);
    }
    assertThatThrownBy(() -> Tensor.wrap(MemorySegment.ofArray(new float[4]), Shape.of(4)))
        .hasMessageContaining("on the Java heap");
  }

  @Test
  void slices_of_the_leading_axis_share_memory() {
    Tensor t = Tensor.of(new float[][] {{1, 2}, {3, 4}, {5, 6}});
    Tensor s = t.slice(0, 1, 3);
    t.set(9, 1, 0);
    assertThat(s.toArray()).containsExactly(9, 4, 5, 6);
  }

  @Test
  void one_seed_gives_one_sequence() {
    Rng.seed(7);
    float[] a = Tensor.normal(5).toArray();
    Rng.seed(7);
    assertThat(Tensor.normal(5).toArray()).containsExactly(a);
    long[] state = Rng.current().state();
    float next = Rng.current().normal();
    Rng.current().restore(state);
    assertThat(Rng.current().normal()).isEqualTo(next);
  }

  @Test
  void a_budget_is_parsed() {
    assertThat(Budget.parse("512m")).isEqualTo(512L << 20);
    assertThatThrownBy(() -> Budget.parse("lots")).hasMessageContaining("positive number of bytes");
  }
}
