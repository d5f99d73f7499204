package dev.harpia.nn.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.harpia.nn.Activation;
import dev.harpia.nn.BatchNorm1d;
import dev.harpia.nn.BatchNorm2d;
import dev.harpia.nn.Conv2d;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Linear;
import dev.harpia.nn.Sequential;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Batch-norms folded into what comes before them, and what plans tell about themselves. */
class NormFoldingTest {
  private static Layer trained(Layer net, Shape input) {
    for (int i = 0; i < 3; i++) { // running averages that are not 0 and 1
      net.forward(Tensor.normal(new Rng(i), 0.5f, 2, input));
    }
    net.eval();
    return net;
  }

  private static float[] run(Plan plan, Tensor x) {
    Plan.Workspace w = plan.newWorkspace();
    w.input().copyFrom(x);
    w.run();
    return w.output().toArray();
  }

  private static void close(Plan plan, Layer net, Tensor x) {
    try (var _ = Scope.inference()) {
      float[] eager = net.forward(x).toArray();
      float most = 1;
      for (float v : eager) {
        most = Math.max(most, Math.abs(v));
      }
      assertThat(run(plan, x)).containsExactly(eager, within(1e-5f * most));
    }
  }

  private static Layer pictures() {
    return new Sequential(new Conv2d(3, 8, 3), new BatchNorm2d(8), Activation.relu());
  }

  @Test
  void normAndActivationGoIntoTheConvolution() {
    Shape input = Shape.of(2, 3, 9, 9);
    Layer net = trained(pictures(), input);
    Plan plan = Plan.compile(net, input);
    assertThat(plan.describe()).contains("conv2d+relu").contains("1 steps").contains("flops");
    close(plan, net, Tensor.normal(new Rng(9), 0, 1, input));
  }

  @Test
  void normGoesIntoTheAffineMap() {
    Shape input = Shape.of(4, 5);
    Layer net = trained(new Sequential(new Linear(5, 7), new BatchNorm1d(7)), input);
    Plan plan = Plan.compile(net, input);
    assertThat(plan.describe()).contains("linear").contains("1 steps");
    close(plan, net, Tensor.normal(new Rng(9), 0, 1, input));
  }

  @Test
  void refreshingFoldsAgain() {
    Shape input = Shape.of(1, 3, 6, 6);
    Layer net = trained(pictures(), input);
    Plan plan = Plan.compile(net, input);
    net.train(true);
    trained(net, input);
    Tensor x = Tensor.normal(new Rng(9), 0, 1, input);
    float[] before = run(plan, x);
    plan.refresh();
    assertThat(run(plan, x)).isNotEqualTo(before);
    close(plan, net, x);
  }

  @Test
  void stepsAreCountedAndTimed() {
    Plan plan = Plan.compile(new Sequential(new Linear(5, 7), Activation.tanh()), Shape.of(2, 5));
    assertThat(plan.describe()).contains("140 flops"); // 2·2·7·5
    List<StepTime> steps = plan.profile(5);
    assertThat(steps).hasSize(2);
    assertThat(steps.getFirst().step()).isEqualTo("linear -> [2, 7]");
    assertThat(steps.getFirst().flops()).isEqualTo(140);
    assertThat(steps.stream().mapToDouble(StepTime::share).sum()).isBetween(0.0, 1.001);
    assertThatThrownBy(() -> plan.profile(0)).hasMessageContaining("0 runs");
  }

  @Test
  void inputsAndOutputsAreMemory() {
    Plan.Workspace w = Plan.compile(new Sequential(Activation.relu()), Shape.of(4)).newWorkspace();
    MemorySegment in = w.input().segment();
    in.setAtIndex(ValueLayout.JAVA_FLOAT, 2, 3f);
    in.asByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer().put(0, -1f);
    w.run();
    float[] y = new float[4];
    w.output().copyTo(y);
    assertThat(y).containsExactly(0, 0, 3, 0);
    assertThat(w.output().segment().asByteBuffer().isDirect()).isTrue();
    assertThat(w.output().segment().getAtIndex(ValueLayout.JAVA_FLOAT, 2)).isEqualTo(3);
  }

  @Test
  void plansAreKeptByShape() {
    Layer net = new Linear(3, 2);
    PlanCache cache = PlanCache.of(net, 2);
    Plan one = cache.get(Shape.of(1, 3));
    cache.get(Shape.of(2, 3));
    assertThat(cache.get(Shape.of(1, 3))).isSameAs(one);
    cache.get(Shape.of(4, 3));
    assertThat(cache.shapes()).containsExactly(Shape.of(1, 3), Shape.of(4, 3));
    net.parameters().getFirst().value().copyFrom(new float[6]);
    net.parameters().getLast().value().copyFrom(new float[] {5, 6});
    cache.refresh();
    assertThat(run(one, Tensor.ones(1, 3))).containsExactly(5, 6);
    assertThatThrownBy(() -> PlanCache.of(net, 0)).hasMessageContaining("0 plans");
  }
}
