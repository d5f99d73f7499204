package dev.harpia.nn.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.harpia.nn.Activation;
import dev.harpia.nn.Conv2d;
import dev.harpia.nn.Layer;
import dev.harpia.nn.MaxPool2d;
import dev.harpia.nn.Sequential;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Convolutions and what follows them, fused in plans: the bits of eager execution. */
class ConvPlanTest {
  private static final int CHANNELS = 32;

  private static Plan check(Layer layer, Shape input) {
    Tensor x = Tensor.normal(new Rng(3), 0, 1, input);
    Plan plan = Plan.compile(layer, input);
    Plan.Workspace w = plan.newWorkspace();
    w.input().copyFrom(x);
    w.run();
    try (var _ = Scope.inference()) {
      Tensor eager = layer.forward(x);
      assertThat(w.output().shape()).isEqualTo(eager.shape());
      assertThat(w.output().toArray()).containsExactly(eager.toArray());
    }
    return plan;
  }

  @Test
  void convolution_activation_and_pool_are_one_step() {
    for (int size : new int[] {13, 14}) { // of 11 rows and columns the last are not needed
      Layer net = new Sequential(new Conv2d(3, CHANNELS, 3), Activation.relu(), new MaxPool2d(2));
      Plan plan = check(net, Shape.of(2, 3, size, size));
      assertThat(plan.describe()).contains("conv2d+relu+maxPool2d").contains("1 steps");
    }
  }

  @Test
  void activation_after_the_pool_stays_behind_it() {
    Layer net = new Sequential(new Conv2d(3, CHANNELS, 3), new MaxPool2d(2), Activation.relu());
    Plan plan = check(net, Shape.of(1, 3, 12, 12));
    assertThat(plan.describe()).contains("conv2d+maxPool2d").contains("relu");
  }

  @Test
  void other_pools_stand_alone() {
    Layer net =
        new Sequential(new Conv2d(3, CHANNELS, 3), Activation.relu(), new MaxPool2d(3, 2, 1));
    Plan plan = check(net, Shape.of(1, 3, 20, 20));
    assertThat(plan.describe()).contains("conv2d+relu ").contains("maxPool2d").contains("2 steps");
  }

  @Test
  void a_convolution_that_others_read_too_is_not_hidden_in_a_pool() {
    Conv2d conv = new Conv2d(3, CHANNELS, 3);
    MaxPool2d pool = new MaxPool2d(2);
    Layer net =
        new Layer() {
          @Override
          public Tensor forward(Tensor x) {
            Tensor y = conv.forward(x);
            return pool.forward(y).mean().add(y.mean());
          }
        };
    assertThat(check(net, Shape.of(1, 3, 12, 12)).describe()).doesNotContain("conv2d+");
  }

  /** 3×3 kernels over many channels take fewer multiplications in plans: within 1e-5 of eager. */
  @Test
  void large_convolutions_agree_closely() {
    Conv2d conv = new Conv2d(40, 48, 3, 1, 1);
    Shape shape = Shape.of(2, 40, 15, 18);
    Tensor x = Tensor.normal(new Rng(5), 0, 1, shape);
    Plan.Workspace w = Plan.compile(new Sequential(conv, Activation.relu()), shape).newWorkspace();
    w.input().copyFrom(x);
    w.run();
    try (var _ = Scope.inference()) {
      float[] eager = conv.forward(x).relu().toArray();
      assertThat(w.output().toArray()).containsExactly(eager, Offset.offset(1e-5f));
      assertThat(w.output().toArray()).isNotEqualTo(eager);
    }
  }
}
