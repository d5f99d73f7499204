package dev.harpia.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.harpia.tensor.op.SingleOutput;
import org.junit.jupiter.api.Test;

class GradientsTest {
  @Test
  void the_slope_of_a_square() {
    Tensor x = Tensor.scalar(3);
    assertThat(Gradients.of(x.square(), x).wrt(x).item()).isEqualTo(6);
  }

  @Test
  void contributions_of_several_uses_add_up() {
    Tensor x = Tensor.of(1f, 2f, 3f);
    Tensor y = x.mul(x).add(x).add(x.reshape(1, 3).sum(0)).sum();
    assertThat(Gradients.of(y, x).wrt(x).toArray()).containsExactly(4, 6, 8);
  }

  @Test
  void a_deep_graph_needs_no_stack() {
    try (var _ = Scope.open()) {
      Tensor x = Tensor.of(1f, 2f);
      Tensor y = x;
      for (int i = 0; i < 100_000; i++) {
        y = y.add(0.5f);
      }
      assertThat(Gradients.of(y.sum(), x).wrt(x).toArray()).containsExactly(1, 1);
    }
  }

  @Test
  void a_graph_is_differentiated_twice() {
    Tensor x = Tensor.of(1f, 2f);
    Tensor y = x.mul(3f).square().sum();
    assertThat(Gradients.of(y, x).wrt(x).toArray()).containsExactly(18, 36);
    assertThat(Gradients.of(y, x).wrt(x).toArray()).containsExactly(18, 36);
  }

  @Test
  void an_operation_may_differentiate_within_its_own_backward_pass() {
    Tensor x = Tensor.of(1f, 2f);
    Tensor y = Tensor.apply(new Inner(), x.mul(2f)).mul(5f).sum();
    assertThat(Gradients.of(y, x).wrt(x).toArray()).containsExactly(40, 80);
  }

  /** x², whose gradient is found by a backward pass of its own. */
  private record Inner() implements SingleOutput {
    @Override
    public Shape shape(Shape... in) {
      return in[0];
    }

    @Override
    public void forward(Tensor[] in, Tensor out, Tensor[] saved) {
      out.copyFrom(in[0].square());
    }

    @Override
    public void backward(Tensor[] in, Tensor out, Tensor[] saved, Tensor g, GradientSink gIn) {
      Tensor x = in[0].copy();
      gIn.target(0).copyFrom(Gradients.of(x.square().mul(g).sum(), x).wrt(x));
    }
  }

  @Test
  void hundreds_of_targets() {
    Tensor[] x = new Tensor[300];
    Tensor sum = Tensor.scalar(0);
    for (int i = 0; i < x.length; i++) {
      x[i] = Tensor.scalar(i);
      sum = sum.add(x[i].square());
    }
    Gradients g = Gradients.of(sum, x);
    for (int i = 0; i < x.length; i++) {
      assertThat(g.wrt(x[i]).item()).isEqualTo(2 * i);
    }
    assertThatThrownBy(() -> g.wrt(Tensor.scalar(1))).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void intermediate_results_can_be_targets() {
    Tensor x = Tensor.of(1f, 2f);
    Tensor h = x.mul(3f);
    Gradients g = Gradients.of(h.square().sum(), x, h);
    assertThat(g.wrt(h).toArray()).containsExactly(6, 12);
    assertThat(g.wrt(x).toArray()).containsExactly(18, 36);
  }

  @Test
  void gradients_do_not_pass_what_is_detached() {
    Tensor x = Tensor.of(2f, 3f);
    assertThat(Gradients.of(x.mul(x.detach()).sum(), x).wrt(x).toArray()).containsExactly(2, 3);
  }

  @Test
  void independent_targets_have_zero_gradients() {
    Tensor x = Tensor.of(2f, 3f);
    Tensor y = Tensor.of(1f, 1f);
    Gradients g = Gradients.of(x.sum(), x, y);
    assertThat(g.has(y)).isFalse();
    assertThat(g.wrt(y).toArray()).containsExactly(0, 0);
  }

  @Test
  void messages() {
    Tensor x = Tensor.of(2f, 3f);
    assertThatThrownBy(() -> Gradients.of(x.mul(2), x))
        .isInstanceOf(ShapeException.class)
        .hasMessage(
            "gradients: [2]: the loss must be a single element; reduce it with sum() or mean()");
    assertThatThrownBy(() -> Gradients.of(x.sum(), x).wrt(Tensor.of(1f)))
        .hasMessageContaining("is none of the targets");
    assertThatThrownBy(() -> Gradients.of(Tensor.of(1f, 2f).sum(), x))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("depends on none of the targets");
  }

  @Test
  void gradients_outlive_the_pass_without_a_scope() {
    Tensor x = Tensor.of(2f, 3f);
    Gradients first = Gradients.of(x.square().sum(), x);
    Gradients.of(x.mul(100).sum(), x);
    assertThat(first.wrt(x).toArray()).containsExactly(4, 6);
  }
}
