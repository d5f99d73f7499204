package dev.harpia.nn.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.harpia.nn.Activation;
import dev.harpia.nn.Linear;
import dev.harpia.nn.Sequential;
import dev.harpia.tensor.Shape;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WarmupTest {
  private final Plan plan =
      Plan.compile(
          new Sequential(new Linear(20, 30), Activation.relu(), new Linear(30, 4)),
          Shape.of(1, 20));

  @Test
  void after_it_a_run_allocates_nothing() {
    assertThat(plan.warmup(Duration.ofSeconds(60))).isTrue();
    Plan.Workspace w = plan.newWorkspace();
    assertThat(Heap.steady(w::run)).isZero();
  }

  @Test
  void it_ends_when_its_time_is_up() {
    assertThat(plan.warmup(Duration.ofMillis(1))).isFalse();
  }
}
