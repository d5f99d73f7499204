package dev.harpia.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.harpia.nn.plan.Input;
import dev.harpia.nn.plan.Plan;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Tensor;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every line of {@link OpCases} compiled: the plan's results are the eager ones, bit for bit, run
 * after run.
 */
class PlanCasesTest {
  @TestFactory
  Stream<DynamicTest> plans_compute_what_eager_execution_does() {
    return OpCases.all().stream()
        // a loss whose alignment is worked out from the values of its operands, for training only
        .filter(c -> !c.name().equals("ctc"))
        .map(
            c ->
                DynamicTest.dynamicTest(
                    c.name(),
                    () -> {
                      for (int size : new int[] {1, 5, 16, 33}) {
                        compare(c, size);
                      }
                    }));
  }

  private static void compare(OpCase c, int size) {
    Tensor[] in = c.inputs().of(new Rng(size), size);
    Tensor eager = c.apply().apply(in);
    Input[] inputs = new Input[in.length];
    for (int i = 0; i < in.length; i++) {
      inputs[i] = new Input("in" + i, in[i].shape(), in[i].type());
    }
    Plan plan =
        Plan.compile(
            named -> Map.of("y", c.apply().apply(named.values().toArray(Tensor[]::new))), inputs);
    Plan.Workspace w = plan.newWorkspace();
    for (int run = 0; run < 2; run++) {
      for (int i = 0; i < in.length; i++) {
        w.input("in" + i).copyFrom(in[i]);
      }
      w.run();
      assertThat(w.output().shape()).isEqualTo(eager.shape());
      assertThat(w.output().toArray())
          .as("size " + size + ", run " + run)
          .containsExactly(eager.toArray());
    }
  }
}
