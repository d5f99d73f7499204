package dev.harpia.nn.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.harpia.nn.Linear;
import dev.harpia.nn.Parameter;
import dev.harpia.nn.Sequential;
import dev.harpia.simd.Parallel;
import dev.harpia.tensor.Gradients;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class OptimizerTest {
  private static final int[] SIZES = {3, 40_000, 1, 17_000};

  private static List<Parameter> parameters() {
    Rng rng = new Rng(5);
    List<Parameter> all = new ArrayList<>();
    for (int i = 0; i < SIZES.length; i++) {
      all.add(new Parameter("p" + i, Tensor.normal(rng, 0, 1, Shape.of(SIZES[i]))));
    }
    return all;
  }

  /** Gradients of every size and sign that change with the step. */
  private static Tensor loss(List<Parameter> parameters, int step) {
    Tensor sum = Tensor.scalar(0);
    for (Parameter p : parameters) {
      sum = sum.add(p.value().mul(0.3f).add(step).sin().sum());
    }
    return sum;
  }

  private static void run(Optimizer o, List<Parameter> parameters, int from, int to) {
    for (int s = from; s < to; s++) {
      try (var _ = Scope.open()) {
        o.step(loss(parameters, s));
      }
    }
  }

  private static float[][] values(List<Parameter> parameters) {
    return parameters.stream().map(p -> p.value().toArray()).toArray(float[][]::new);
  }

  private static Stream<DynamicTest> each(ThrowingConsumer test) {
    return Rules.all().entrySet().stream()
        .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> test.accept(e.getValue())));
  }

  private interface ThrowingConsumer {
    void accept(Function<List<Parameter>, Optimizer> rule);
  }

  @TestFactory
  Stream<DynamicTest> goesOnFromItsStateToTheSameBits() {
    return each(
        rule -> {
          List<Parameter> unbroken = parameters();
          run(rule.apply(unbroken), unbroken, 0, 8);

          List<Parameter> first = parameters();
          Optimizer saved = rule.apply(first);
          run(saved, first, 0, 4);
          List<Parameter> second = parameters();
          Optimizer resumed = rule.apply(second);
          for (int i = 0; i < first.size(); i++) {
            second.get(i).value().copyFrom(first.get(i).value());
          }
          Map<String, Tensor> target = resumed.state();
          saved.state().forEach((name, t) -> target.get(name).copyFrom(t));
          resumed.resumeAt(saved.steps());
          run(resumed, second, 4, 8);

          assertThat(values(second)).isDeepEqualTo(values(unbroken));
          assertThat(resumed.steps()).isEqualTo(8);
          assertThat(resumed.state().get("p1.step").getInt()).isEqualTo(8);
        });
  }

  @TestFactory
  Stream<DynamicTest> sameBitsForAnyNumberOfThreads() {
    return each(
        rule -> {
          List<Parameter> one = parameters();
          Optimizer alone = rule.apply(one);
          Parallel.limit(1, () -> run(alone, one, 0, 5));
          List<Parameter> two = parameters();
          Optimizer shared = rule.apply(two);
          Parallel.limit(2, () -> run(shared, two, 0, 5));
          assertThat(values(two)).isDeepEqualTo(values(one));
        });
  }

  @TestFactory
  Stream<DynamicTest> makesALossSmaller() {
    return each(
        rule -> {
          Tensor x = Tensor.of(1f, -2f, 3f).copy();
          Optimizer o = rule.apply(List.of(new Parameter("x", x)));
          float before = x.mul(x).sum().item();
          for (int i = 0; i < 30; i++) {
            o.step(x.mul(x).sum());
          }
          assertThat(x.mul(x).sum().item()).isLessThan(before);
        });
  }

  @Test
  void accumulationIsTheSummedLoss() {
    List<Parameter> together = parameters();
    Optimizer a = new Adam(together, 0.01).clipNorm(1);
    List<Parameter> apart = parameters();
    Optimizer b = new Adam(apart, 0.01).clipNorm(1);
    for (int s = 0; s < 6; s += 2) {
      a.step(loss(together, s).add(loss(together, s + 1)));
      b.accumulate(loss(apart, s));
      if (s == 4) {
        b.step(loss(apart, s + 1)); // the last loss may come with the step
      } else {
        b.accumulate(loss(apart, s + 1));
        b.step();
      }
    }
    for (int i = 0; i < SIZES.length; i++) {
      // two gradients are added in another order than within one backward pass
      assertThat(apart.get(i).value().toArray())
          .containsExactly(together.get(i).value().toArray(), within(1e-5f));
    }
    assertThat(b.steps()).isEqualTo(3);
    assertThatThrownBy(b::step)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no gradients; call accumulate(loss) first");
  }

  @Test
  void groupsHaveRatesAndDecaysOfTheirOwn() {
    Tensor a = Tensor.of(1f).copy();
    Tensor b = Tensor.of(1f).copy();
    Optimizer o =
        new SGD(List.of(new Parameter("a", a)), 0.5)
            .group(List.of(new Parameter("b", b)), step -> step == 0 ? 0.25 : 0, 1);
    o.step(a.add(b).sum());
    assertThat(a.item()).isEqualTo(0.5f);
    assertThat(b.item()).isEqualTo(0.5f); // 1 − 0.25·(1 + 1)
    o.step(a.add(b).sum());
    assertThat(a.item()).isEqualTo(0f);
    assertThat(b.item()).isEqualTo(0.5f);
    assertThat(o.rate()).isEqualTo(0.5);
  }

  @Test
  void aParameterWithoutGradientStaysAndItsStepsDoNotCount() {
    Tensor a = Tensor.of(1f).copy();
    Tensor b = Tensor.of(1f).copy();
    Optimizer o = new AdamW(List.of(new Parameter("a", a), new Parameter("b", b)), 0.1);
    o.step(a.mul(a).sum());
    o.step(a.mul(a).sum());
    assertThat(b.item()).isEqualTo(1f);
    assertThat(o.state().get("a.step").getInt()).isEqualTo(2);
    assertThat(o.state().get("b.step").getInt()).isZero();
    // b's first step is Adam's first: of the length of the rate, after the decay
    o.step(b.mul(3).sum());
    assertThat(b.item()).isCloseTo(1 - 0.1f * 0.01f - 0.1f, within(1e-6f));
  }

  @Test
  void frozenParametersStay() {
    Linear frozen = new Linear(2, 2);
    Linear learning = new Linear(2, 1);
    Sequential model = new Sequential(frozen, learning);
    frozen.freeze();
    assertThat(frozen.parameters()).isEmpty();
    float[][] weights =
        frozen.state().values().stream().map(Tensor::toArray).toArray(float[][]::new);
    Optimizer o = new SGD(model.parameters(), 0.1);
    o.step(model.forward(Tensor.ones(1, 2)).sum());
    assertThat(frozen.state().values().stream().map(Tensor::toArray).toArray(float[][]::new))
        .isDeepEqualTo(weights);
    assertThatThrownBy(() -> new SGD(frozen.parameters(), 0.1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no parameters; has the model any, and are they not all frozen?");
  }

  @Test
  void clipsTheValuesThenTheNorm() {
    Tensor x = Tensor.of(0f, 0f).copy();
    Optimizer o = new SGD(List.of(new Parameter("x", x)), 1).clipValue(4).clipNorm(1);
    o.step(x.mul(Tensor.of(3f, 100f)).sum());
    assertThat(x.toArray()).containsExactly(new float[] {-0.6f, -0.8f}, within(1e-6f));
    Tensor y = Tensor.of(0f, 0f).copy();
    Optimizer ascent = new SGD(List.of(new Parameter("y", y)), 1).clipNorm(1, 1).maximize();
    ascent.step(y.mul(Tensor.of(3f, -1f)).sum());
    assertThat(y.toArray()).containsExactly(new float[] {0.75f, -0.25f}, within(1e-6f));
  }

  @Test
  void gradientsAreTakenToo() {
    Tensor x = Tensor.of(1f).copy();
    Optimizer o = new SGD(List.of(new Parameter("x", x)), 0.5);
    o.step(Gradients.of(x.mul(2).sum(), x));
    assertThat(x.item()).isZero();
  }

  @Test
  void wrongSettingsAreNamed() {
    List<Parameter> p = List.of(new Parameter("w", Tensor.of(1f).copy()));
    assertThatThrownBy(() -> new SGD(p, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("learning rate -1.0: must be a number of at least 0");
    assertThatThrownBy(() -> new SGD(p, 1).momentum(1))
        .hasMessage("SGD: momentum 1.0: must be at least 0 and below 1");
    assertThatThrownBy(() -> new Adam(p, 1).betas(0.9, Double.NaN))
        .hasMessageContaining("Adam: beta2 NaN");
    assertThatThrownBy(() -> new Adam(p, 1).decay(-0.1))
        .hasMessage("Adam: decay -0.1: must be a number of at least 0");
    assertThatThrownBy(() -> new Adam(p, 1).clipNorm(0)).hasMessageContaining("must be positive");
    assertThatThrownBy(() -> new SGD(p, 1).group(p, Schedule.constant(1), 0))
        .hasMessage("optimizer: parameter w is in it twice");
    SGD sgd = new SGD(p, 1).nesterov();
    assertThatThrownBy(sgd::state)
        .hasMessageContaining("SGD: nesterov takes a momentum and no dampening");
    Adam adam = new Adam(p, 1);
    adam.step(p.get(0).value().sum());
    assertThatThrownBy(adam::amsgrad)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Adam: amsgrad was set after the first step");
  }

  /** Signs alone: a rule as a user would write one. */
  private static final class SignDescent extends Optimizer {
    private static final UpdateKernel KERNEL =
        UpdateKernel.compile(
            "signDescent",
            UpdateKernel.PARAMETER,
            UpdateKernel.GRADIENT
                .sign()
                .fma(UpdateKernel.coefficient(0).neg(), UpdateKernel.PARAMETER),
            UpdateKernel.kept(0),
            UpdateKernel.kept(0).add(UpdateKernel.GRADIENT));

    SignDescent(List<Parameter> parameters, double rate) {
      super(parameters, Schedule.constant(rate));
    }

    @Override
    protected List<String> stateNames() {
      return List.of("total");
    }

    @Override
    protected void update(Update u) {
      u.run(KERNEL, u.rate());
    }
  }

  @Test
  void aRuleOfOnesOwn() {
    Tensor x = Tensor.of(1f, -1f, 0f).copy();
    Optimizer o = new SignDescent(List.of(new Parameter("x", x)), 0.25);
    o.step(x.mul(x).sum());
    o.step(x.mul(x).sum());
    assertThat(x.toArray()).containsExactly(0.5f, -0.5f, 0f);
    assertThat(o.state().get("x.total").toArray()).containsExactly(3.5f, -3.5f, 0f);
  }
}
